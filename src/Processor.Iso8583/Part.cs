using System.Globalization;
using System.Text;

namespace Processor.Iso8583;

/// <summary>One part of an element, read in place. It dies with the frame, as the view does that it comes from.</summary>
public readonly ref struct Part
{
    private readonly PartsRule _container;
    private readonly ElementPlan _plan;
    private readonly int _number;
    private readonly string _outer;

    internal Part(
        PartsRule container,
        PartRule? rule,
        in ElementPlan plan,
        ReadOnlySpan<byte> tag,
        ReadOnlySpan<byte> raw,
        int units,
        int number,
        int offset,
        string outer)
    {
        _container = container;
        _plan = plan;
        _number = number;
        _outer = outer;
        Rule = rule;
        Tag = tag;
        Raw = raw;
        Length = units;
        Offset = offset;
    }

    /// <summary>What the dialect says about it; null for a tag or a bit that it does not name.</summary>
    public PartRule? Rule { get; }

    /// <summary>The tag or the identifier as on the wire; empty for a part found by its place.</summary>
    public ReadOnlySpan<byte> Tag { get; }

    /// <summary>Content as on the wire, without tag and length.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>Digits, characters or bytes of the content.</summary>
    public int Length { get; }

    /// <summary>First content byte, counted from the start of the frame.</summary>
    public int Offset { get; }

    /// <summary>Whether it holds bytes rather than text.</summary>
    public bool IsBinary => _plan.Class == CharacterClass.B;

    /// <summary>Its tag as text or hexadecimal, its number, or what the dialect calls it. Allocates unless the dialect names it.</summary>
    public string Key => Rule?.Key ?? (Tag.IsEmpty ? _number.ToString(CultureInfo.InvariantCulture) : KeyOf(_container, Tag));

    /// <summary>Whether the part has parts of its own that <see cref="Parts"/> reads.</summary>
    public bool HasParts => Rule?.Rule.Parts is not null || _container.Kind == PartsKind.Datasets && Tag.Length == 1;

    /// <summary>Reads the parts of this part; at its end at once when it has none.</summary>
    public PartReader Parts
    {
        get
        {
            string path = Rule?.Path ?? (_outer.Length == 0 ? Key : $"{_outer}.{Key}");
            if (Rule?.Rule.Parts is { } rule)
                return new PartReader(rule, Raw, path, Offset, 1, PartsMode.Start);
            if (!HasParts)
                return default;
            bool hasBitmap = _container.BitmappedIds.Contains(Tag[0]);
            return new PartReader(_container, Raw, path, Offset, 1, hasBitmap ? PartsMode.DatasetBitmap : PartsMode.BerTlv);
        }
    }

    /// <summary>Whether the tag is this one: <c>0x9F02</c>. False for a part without a tag.</summary>
    public bool HasTag(int tag)
    {
        uint value = 0;
        foreach (byte one in Tag)
            value = (value << 8) | one;
        return !Tag.IsEmpty && value == (uint)tag;
    }

    /// <summary>The content as characters, as <see cref="MessageView.TryGetText"/> gives them. False for bytes.</summary>
    public bool TryGetText(Span<byte> ascii, out int length) => ContentReader.TryGetText(in _plan, Raw, Length, ascii, out length);

    /// <summary>The bytes of binary content. False for text.</summary>
    public bool TryGetBinary(Span<byte> bytes, out int length) => ContentReader.TryGetBinary(in _plan, Raw, Length, bytes, out length);

    /// <summary>The content as a number. BCD objects of binary content count as digits: 9F02 of 000000001050 is 1050.</summary>
    public bool TryGetNumber(out ulong number) =>
        IsBinary ? ContentReader.TryGetPackedNumber(Raw, out number) : ContentReader.TryGetNumber(in _plan, Raw, Length, out number);

    internal static string KeyOf(PartsRule container, ReadOnlySpan<byte> tag)
    {
        if (container.Kind != PartsKind.Tlv || container.TagEncoding is ContentEncoding.Binary or ContentEncoding.Bcd)
            return Convert.ToHexString(tag);
        Span<byte> text = stackalloc byte[tag.Length];
        if (CodePage.Of(container.TagEncoding) is { } page)
            page.ToLatin1(tag, text);
        else
            tag.CopyTo(text);
        return Encoding.Latin1.GetString(text);
    }
}
