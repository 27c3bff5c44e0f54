using System.Collections.Immutable;

namespace Processor.Iso8583;

/// <summary>What a dialect says about the parts of an element, or of a part.</summary>
public sealed class PartsRule
{
    private static readonly ElementPlan s_binary = new(PartsRuleReader.ValueRule("", ContentEncoding.Binary, Sensitivity.None, null));

    private readonly ElementPlan _valuePlan;

    /// <summary>Chip data of which the dialect says nothing further.</summary>
    internal static PartsRule ChipData { get; } = new(PartsKind.BerTlv, []);

    internal PartsRule(PartsKind kind, ImmutableArray<PartRule> items, ContentEncoding values = ContentEncoding.Binary)
    {
        Kind = kind;
        Items = items;
        ValueEncoding = values;
        _valuePlan = new ElementPlan(PartsRuleReader.ValueRule("", values, Sensitivity.None, null));
    }

    /// <summary>How the parts are found.</summary>
    public PartsKind Kind { get; }

    /// <summary>The parts that the dialect names: all of them when positional or in a bitmap, tags that are known otherwise.</summary>
    public ImmutableArray<PartRule> Items { get; }

    /// <summary>Positional: whether the content may end early, also inside a fixed part.</summary>
    public bool IsShortAllowed { get; internal init; }

    /// <summary>Parts that stand before the first tag of a TLV, such as the category of a Mastercard DE48.</summary>
    public ImmutableArray<PartRule> Prefix { get; internal init; } = [];

    /// <summary>TLV: bytes of a tag.</summary>
    public int TagBytes { get; internal init; }

    /// <summary>TLV: how tags are written: text as it reads, <see cref="ContentEncoding.Bcd"/> and binary as hexadecimal.</summary>
    public ContentEncoding TagEncoding { get; internal init; }

    /// <summary>TLV: bytes of a length.</summary>
    public int LengthBytes { get; internal init; }

    /// <summary>TLV: how lengths are written.</summary>
    public LengthEncoding LengthEncoding { get; internal init; }

    /// <summary>TLV: what the length counts besides the value, such as 2 when it includes a tag of two bytes.</summary>
    public int LengthIncludes { get; internal init; }

    /// <summary>TLV: whether the length stands before the tag.</summary>
    public bool IsLengthFirst { get; internal init; }

    /// <summary>TLV: how values of tags without a rule of their own are written.</summary>
    public ContentEncoding ValueEncoding { get; }

    /// <summary>Bitmap: bytes before the bitmap that are no part.</summary>
    public int HeaderBytes { get; internal init; }

    /// <summary>Bitmap: its length in bytes; hexadecimal text takes twice as many on the wire.</summary>
    public int BitmapBytes { get; internal init; } = 8;

    /// <summary>Bitmap: how it is written.</summary>
    public ContentEncoding BitmapEncoding { get; internal init; } = ContentEncoding.Binary;

    /// <summary>Datasets: the identifiers whose content begins with a bitmap.</summary>
    public ImmutableArray<byte> BitmappedIds { get; internal init; } = [];

    /// <summary>Datasets: bytes of a part in a bitmap that has no rule of its own.</summary>
    public int BitmappedBytes { get; internal init; } = 1;

    /// <summary>Whether the parts stand in the element's text rather than in its bytes, such as the digits of BCD.</summary>
    public bool IsOfText { get; internal init; }

    internal static ref readonly ElementPlan BinaryPlan => ref s_binary;

    internal ref readonly ElementPlan ValuePlanRef => ref _valuePlan;

    /// <summary>The rule of a bit, or null.</summary>
    internal PartRule? Find(int number)
    {
        foreach (var item in Items)
        {
            if (item.Number == number)
                return item;
        }

        return null;
    }

    /// <summary>The rule of a tag as it stands on the wire, or null.</summary>
    internal PartRule? Find(ReadOnlySpan<byte> tag)
    {
        foreach (var item in Items)
        {
            if (tag.SequenceEqual(item.Tag.AsSpan()))
                return item;
        }

        return null;
    }
}
