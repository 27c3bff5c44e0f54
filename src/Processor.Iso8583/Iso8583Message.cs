using System.Buffers;
using System.Globalization;
using System.Text;

namespace Processor.Iso8583;

/// <summary>
/// A message as a table of texts, for tools and tests: easy to change, and it allocates. Digits and text stand as
/// they read, bytes as upper-case hexadecimal. Not for the path of an authorization; that reads a
/// <see cref="MessageView"/> and writes with a <see cref="MessageWriter"/>.
/// </summary>
public sealed class Iso8583Message
{
    // Header, MTI, bitmaps, and the lengths and fillings of short elements stay below this.
    private const int RoomForFillings = 128 * 1024;

    private readonly SortedDictionary<int, string> _elements = [];
    private readonly SortedDictionary<int, IReadOnlyList<Iso8583Part>> _parts = [];
    private Dialect? _dialect;

    /// <summary>An empty message.</summary>
    public Iso8583Message(Mti mti) => Mti = mti;

    /// <summary>The message type.</summary>
    public Mti Mti { get; set; }

    /// <summary>What stands before the MTI, as on the wire; empty for the dialect's own values.</summary>
    public ReadOnlyMemory<byte> Header { get; set; }

    /// <summary>What stands behind the last element, as on the wire; empty for the dialect's own values.</summary>
    public ReadOnlyMemory<byte> Trailer { get; set; }

    /// <summary>The least bitmaps to write, 1 to 3; 0 for those that the elements need.</summary>
    public int BitmapCount { get; set; }

    /// <summary>The elements present, ascending; those set from their parts are not among them.</summary>
    public IReadOnlyDictionary<int, string> Elements => _elements;

    /// <summary>The content of an element, null when it is not there; setting null takes it out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The element set is outside 1 to 192.</exception>
    public string? this[int dataElement]
    {
        get => _elements.GetValueOrDefault(dataElement);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dataElement, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(dataElement, Dialect.ElementMax);
            _parts.Remove(dataElement);
            if (value is null)
                _elements.Remove(dataElement);
            else
                _elements[dataElement] = value;
        }
    }

    /// <summary>Whether the element is there.</summary>
    public bool Has(int dataElement) => _elements.ContainsKey(dataElement) || _parts.ContainsKey(dataElement);

    /// <summary>Sets an element from its parts, in the order of the dialect; <see cref="ToBytes"/> puts them together.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The element is outside 1 to 192.</exception>
    public void SetParts(int dataElement, IReadOnlyList<Iso8583Part> parts)
    {
        this[dataElement] = null;
        _parts[dataElement] = parts;
    }

    /// <summary>A copy that can be changed alone.</summary>
    public Iso8583Message Copy()
    {
        var copy = new Iso8583Message(Mti)
        {
            _dialect = _dialect,
            Header = Header,
            Trailer = Trailer,
            BitmapCount = BitmapCount,
        };
        foreach (var (element, value) in _elements)
            copy._elements[element] = value;
        foreach (var (element, parts) in _parts)
            copy._parts[element] = parts;
        return copy;
    }

    /// <summary>Reads a frame.</summary>
    /// <exception cref="FormatException">It cannot be read; the message is the <see cref="ParseError"/>.</exception>
    public static Iso8583Message Parse(Dialect dialect, ReadOnlySpan<byte> frame)
    {
        var layout = new MessageLayout();
        if (dialect.TryParse(frame, layout) != ParseStatus.Parsed)
            throw new FormatException(layout.Error.ToString());
        return From(new MessageView(frame, layout));
    }

    /// <summary>Copies what a view shows.</summary>
    public static Iso8583Message From(in MessageView view)
    {
        var message = new Iso8583Message(view.Mti)
        {
            _dialect = view.Dialect,
            Header = view.Header.ToArray(),
            Trailer = view.Trailer.ToArray(),
            BitmapCount = view.Layout.BitmapCount,
        };
        for (int element = view.Next(0); element != 0; element = view.Next(element))
        {
            byte[] content = new byte[view.Length(element)];
            bool isBytes = view.Dialect[element]!.Class == CharacterClass.B;
            if (isBytes)
                view.TryGetBinary(element, content, out _);
            else
                view.TryGetText(element, content, out _);
            message._elements[element] =
                isBytes ? Convert.ToHexString(content) : Encoding.Latin1.GetString(content);
        }

        return message;
    }

    /// <summary>Writes the message. Short digits are filled with zeros, short text with spaces.</summary>
    /// <exception cref="FormatException">An element does not suit the dialect; the message names it.</exception>
    public byte[] ToBytes(Dialect dialect)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(
            RoomForFillings + 2 * _elements.Values.Sum(value => value.Length) + 2 * _parts.Values.Sum(parts => Iso8583Part.RoomFor(parts).Length));
        int length = 0;
        try
        {
            var writer = new MessageWriter(buffer, dialect);
            writer.Begin(Mti, Header.Span, Trailer.Span, BitmapCount);
            foreach (var (element, value) in _elements)
                Write(ref writer, dialect, element, value);
            foreach (var (element, parts) in _parts)
                Write(ref writer, dialect, element, parts);
            return writer.TryFinish(out length)
                ? buffer.AsSpan(0, length).ToArray()
                : throw new FormatException($"DE{writer.FailedElement}: {Words(writer.Status)}.");
        }
        finally
        {
            buffer.AsSpan(0, length).Clear();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The message type and the elements, masked, on one line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Mti.ToString());
        foreach (var (element, value) in _elements)
        {
            var sensitivity = _dialect?[element]?.Sensitivity ?? Masking.Standard(element);
            string masked = Masking.Mask(sensitivity, value);
            text.Append(CultureInfo.InvariantCulture, $" {element}={masked}");
        }

        foreach (int element in _parts.Keys)
            text.Append(CultureInfo.InvariantCulture, $" {element}=****");
        return text.ToString();
    }

    private static void Write(ref MessageWriter writer, Dialect dialect, int element, IReadOnlyList<Iso8583Part> parts)
    {
        var made = new PartWriter(Iso8583Part.RoomFor(parts), dialect, element);
        Iso8583Part.Write(ref made, parts);
        if (made.Status != WriteStatus.Written)
            throw new FormatException($"DE{element}.{made.FailedPart}: {Words(made.Status)}.");
        writer.SetParts(made);
    }

    private static void Write(ref MessageWriter writer, Dialect dialect, int element, string value)
    {
        if (dialect[element]?.Class == CharacterClass.B)
        {
            byte[] hex = Encoding.Latin1.GetBytes(value);
            byte[] bytes = new byte[hex.Length / 2];
            if (hex.Length % 2 != 0 || !Content.FromHex(hex, bytes))
                throw new FormatException($"DE{element}: not hexadecimal.");
            writer.SetBinary(element, bytes);
            return;
        }

        foreach (char character in value)
        {
            if (character > 0xFF)
                throw new FormatException($"DE{element}: a character beyond ISO 8859-1.");
        }

        writer.SetText(element, Encoding.Latin1.GetBytes(value));
    }

    private static string Words(WriteStatus status) => status switch
    {
        WriteStatus.BufferTooShort => "there is no room for it",
        WriteStatus.UnknownElement => "the dialect does not define it",
        WriteStatus.DuplicateElement => "it stands twice",
        WriteStatus.TooLong => "longer than its format allows",
        WriteStatus.BadCharacter => "a character outside its class",
        WriteStatus.WrongLength => "not as long as its format says",
        WriteStatus.MissingPart => "out of order, or a part before it is missing",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No failure."),
    };
}
