namespace Processor.Iso8583;

/// <summary>
/// One network's way of writing ISO 8583, read from a file under <c>specs/iso8583/</c> and compiled into flat tables.
/// Immutable; one instance serves every connection and thread.
/// </summary>
public sealed class Dialect
{
    internal const int ElementMax = 192;

    private readonly ElementRule?[] _rules;
    private readonly bool _hasPlainBitmaps;

    internal Dialect(string name, ContentEncoding mtiEncoding, BitmapRule bitmaps, ElementRule?[] rules)
    {
        Name = name;
        MtiEncoding = mtiEncoding;
        Bitmaps = bitmaps;
        _rules = rules;
        Plans = new ElementPlan[ElementMax + 1];
        _hasPlainBitmaps = bitmaps.IsPlain;
        IsFlat = _hasPlainBitmaps;
        Array.Fill(Plans, ElementPlan.Undefined);
        for (int element = 0; element < rules.Length; element++)
        {
            if (rules[element] is not { } rule)
                continue;
            Plans[element] = new ElementPlan(rule);
            IsFlat &= !Plans[element].IsUneven;
            if (rule.Parts is not null)
                WithParts[(element - 1) >> 6] |= 1UL << (63 - ((element - 1) & 63));
        }

        MtiBytes = mtiEncoding switch { ContentEncoding.Bcd => 2, ContentEncoding.Binary => 0, _ => 4 };
        BitmapBytes = bitmaps.BytesOf(0);
    }

    /// <summary>As in the file: <c>iso87-ascii</c>.</summary>
    public string Name { get; }

    /// <summary>1987, 1993 or 2003, the edition of the standard; 0 when the file does not say.</summary>
    public int Version { get; internal init; }

    /// <summary>
    /// How the MTI is written: ASCII, EBCDIC or <see cref="ContentEncoding.Bcd"/>; <see cref="ContentEncoding.Binary"/>
    /// when messages have none.
    /// </summary>
    public ContentEncoding MtiEncoding { get; }

    /// <summary>How many bitmaps there are and how each is written.</summary>
    public BitmapRule Bitmaps { get; }

    /// <summary>What stands before the MTI, such as a TPDU; null when nothing does.</summary>
    public HeaderRule? Header { get; internal init; }

    /// <summary>What stands behind the last element; null when nothing does.</summary>
    public HeaderRule? Trailer { get; internal init; }

    /// <summary>Bytes of an authentication code in DE 64 and DE 128; 0 when the dialect does not have both as fixed bytes of one length.</summary>
    public int MacLength =>
        IsMac(in Plans[64]) && IsMac(in Plans[128]) && Plans[64].UnitsMax == Plans[128].UnitsMax ? Plans[64].UnitsMax : 0;

    /// <summary>Which element says that the terminal supports partial approval; null when the network has none.</summary>
    public PartialApprovalRule? PartialApproval { get; internal init; }

    /// <summary>Where a request carries CVV2 or CVC2; null where the dialect does not say.</summary>
    public VerificationValueRule? VerificationValue { get; internal init; }

    /// <summary>The element that carries the network's transaction id; 0 when the network has none.</summary>
    public int NetworkIdElement { get; internal init; }

    internal DialectRelaxation Relaxation { get; init; }

    internal ElementPlan[] Plans { get; }

    /// <summary>The elements that are made of parts, as bitmaps.</summary>
    internal ulong[] WithParts { get; } = new ulong[3];

    /// <summary>Whether messages are an MTI, one or two bitmaps written alike, and elements: no header, no trailer.</summary>
    internal bool IsPlain => _hasPlainBitmaps && Header is null && Trailer is null;

    /// <summary>Where the elements start behind one bitmap, in a plain dialect.</summary>
    internal int PlainStart => MtiBytes + BitmapBytes;

    /// <summary>Whether the fast reader can read it: plain bitmaps, and every length gives the bytes that follow.</summary>
    internal bool IsFlat { get; }

    internal int MtiBytes { get; }

    /// <summary>Bytes of the first bitmap on the wire.</summary>
    internal int BitmapBytes { get; }

    /// <summary>The rule of an element, or null when the dialect does not define it.</summary>
    public ElementRule? this[int dataElement] => (uint)dataElement < (uint)_rules.Length ? _rules[dataElement] : null;

    /// <summary>Reads a dialect file. What it extends is looked for beside it, then among those that ship.</summary>
    /// <exception cref="DialectException">It is missing or wrong; the message names file, element and key.</exception>
    public static Dialect Load(string path) => DialectReader.Read(ReadFile(path), path, name => OpenBase(name, path));

    /// <summary>Reads one of the dialects that ship beside the program, by name.</summary>
    /// <exception cref="DialectException">There is none of that name, or it is wrong.</exception>
    public static Dialect LoadNamed(string name) => Load(PathOf(name));

    /// <summary>Reads a dialect from UTF-8 JSON. What it extends is looked for among those that ship.</summary>
    /// <exception cref="DialectException">It is wrong; the message names element and key.</exception>
    public static Dialect Parse(ReadOnlySpan<byte> json) =>
        DialectReader.Read(json.ToArray(), "dialect", name => ReadFile(PathOf(name)));

    /// <summary>
    /// Finds the elements of a frame. Never throws whatever the bytes, allocates nothing, copies nothing: the layout
    /// is overwritten and is good as long as the frame is.
    /// </summary>
    /// <param name="frame">One message without its frame length; at most 16 MB.</param>
    /// <param name="layout">Receives offsets, or the error and the elements before it.</param>
    public ParseStatus TryParse(ReadOnlySpan<byte> frame, MessageLayout layout) =>
        MessageParser.Parse(this, frame, layout);

    /// <summary>Whether the parts of an element can only be read once it is decoded.</summary>
    internal bool HasDecodedParts(int element) =>
        _rules[element]?.Parts is { } parts && (parts.IsOfText || Plans[element].IsHex);

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "specs", "iso8583", name + ".json");

    private static byte[] OpenBase(string name, string path)
    {
        string beside = Path.Combine(Path.GetDirectoryName(path) ?? "", name + ".json");
        return ReadFile(File.Exists(beside) ? beside : PathOf(name));
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DialectException($"{path}: {exception.Message}", exception);
        }
    }

    private static bool IsMac(in ElementPlan plan) =>
        plan.IsDefined && plan.Length == LengthEncoding.Fixed && plan.Class == CharacterClass.B && plan.UnitsMax is >= 4 and <= 32;
}
