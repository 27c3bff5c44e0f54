namespace Processor.Iso8583;

/// <summary>
/// One network's way of writing ISO 8583, read from a file under <c>specs/iso8583/</c> and compiled into flat tables.
/// Immutable; one instance serves every connection and thread.
/// </summary>
public sealed class Dialect
{
    private readonly ElementRule?[] _rules;

    internal Dialect(
        string name,
        ContentEncoding mtiEncoding,
        ContentEncoding bitmapEncoding,
        ElementRule?[] rules,
        PartialApprovalRule? partialApproval,
        int networkIdElement)
    {
        Name = name;
        MtiEncoding = mtiEncoding;
        BitmapEncoding = bitmapEncoding;
        _rules = rules;
        PartialApproval = partialApproval;
        NetworkIdElement = networkIdElement;
        Plans = new ElementPlan[129];
        for (int element = 0; element < rules.Length; element++)
        {
            if (rules[element] is { } rule)
                Plans[element] = new ElementPlan(rule);
        }
    }

    /// <summary>As in the file: <c>iso87-ascii</c>.</summary>
    public string Name { get; }

    /// <summary>How the MTI is written: <see cref="ContentEncoding.Ascii"/> or <see cref="ContentEncoding.Bcd"/>.</summary>
    public ContentEncoding MtiEncoding { get; }

    /// <summary>How the bitmaps are written: <see cref="ContentEncoding.Binary"/> or <see cref="ContentEncoding.Hex"/>.</summary>
    public ContentEncoding BitmapEncoding { get; }

    /// <summary>Which element says that the terminal supports partial approval; null when the network has none.</summary>
    public PartialApprovalRule? PartialApproval { get; }

    /// <summary>The element that carries the network's transaction id; 0 when the network has none.</summary>
    public int NetworkIdElement { get; }

    internal ElementPlan[] Plans { get; }

    internal int MtiBytes => MtiEncoding == ContentEncoding.Bcd ? 2 : 4;

    internal int BitmapBytes => BitmapEncoding == ContentEncoding.Binary ? 8 : 16;

    /// <summary>The rule of an element, or null when the dialect does not define it.</summary>
    public ElementRule? this[int dataElement] => (uint)dataElement < (uint)_rules.Length ? _rules[dataElement] : null;

    /// <summary>Reads a dialect file.</summary>
    /// <exception cref="DialectException">It is missing or wrong; the message names file, element and key.</exception>
    public static Dialect Load(string path)
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DialectException($"{path}: {exception.Message}", exception);
        }

        return DialectReader.Read(json, path);
    }

    /// <summary>Reads one of the dialects that ship beside the program, by name.</summary>
    /// <exception cref="DialectException">There is none of that name, or it is wrong.</exception>
    public static Dialect LoadNamed(string name) =>
        Load(Path.Combine(AppContext.BaseDirectory, "specs", "iso8583", name + ".json"));

    /// <summary>Reads a dialect from UTF-8 JSON.</summary>
    /// <exception cref="DialectException">It is wrong; the message names element and key.</exception>
    public static Dialect Parse(ReadOnlySpan<byte> json) => DialectReader.Read(json.ToArray(), "dialect");

    /// <summary>
    /// Finds the elements of a frame. Never throws whatever the bytes, allocates nothing, copies nothing: the layout
    /// is overwritten and is good as long as the frame is.
    /// </summary>
    /// <param name="frame">One message without its frame length; at most 16 MB.</param>
    /// <param name="layout">Receives offsets, or the error and the elements before it.</param>
    public ParseStatus TryParse(ReadOnlySpan<byte> frame, MessageLayout layout) =>
        MessageParser.Parse(this, frame, layout);
}
