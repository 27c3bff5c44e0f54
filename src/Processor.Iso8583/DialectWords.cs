namespace Processor.Iso8583;

/// <summary>The words that a dialect file uses for the codec's choices.</summary>
internal static class DialectWords
{
    public static readonly (string Word, ContentEncoding Value)[] MtiEncodings =
    [
        ("ascii", ContentEncoding.Ascii), ("bcd", ContentEncoding.Bcd), ("ebcdic", ContentEncoding.Ebcdic1047),
        ("none", ContentEncoding.Binary),
    ];

    public static readonly (string Word, BitmapEncoding Value)[] BitmapEncodings =
    [
        ("binary", BitmapEncoding.Binary), ("hex", BitmapEncoding.Hex), ("hex-lower", BitmapEncoding.HexLower),
        ("hex-ebcdic", BitmapEncoding.HexEbcdic),
    ];

    public static readonly (string Word, ContentEncoding Value)[] ContentEncodings =
    [
        ("ascii", ContentEncoding.Ascii), ("latin1", ContentEncoding.Latin1), ("bcd", ContentEncoding.Bcd),
        ("binary", ContentEncoding.Binary), ("hex", ContentEncoding.Hex), ("hex-ebcdic", ContentEncoding.HexEbcdic),
        ("ebcdic-037", ContentEncoding.Ebcdic037), ("ebcdic-500", ContentEncoding.Ebcdic500),
        ("ebcdic-1047", ContentEncoding.Ebcdic1047),
    ];

    public static readonly (string Word, ContentEncoding Value)[] HeaderEncodings =
    [
        ("binary", ContentEncoding.Binary), ("ascii", ContentEncoding.Ascii), ("ebcdic-037", ContentEncoding.Ebcdic037),
        ("ebcdic-500", ContentEncoding.Ebcdic500), ("ebcdic-1047", ContentEncoding.Ebcdic1047),
    ];

    public static readonly (string Word, HeaderRole Value)[] HeaderRoles =
    [
        ("echo", HeaderRole.Echo), ("frame-length", HeaderRole.FrameLength), ("header-length", HeaderRole.HeaderLength),
        ("destination", HeaderRole.Destination), ("source", HeaderRole.Source),
    ];

    public static readonly (string Word, LengthEncoding Value)[] LengthEncodings =
    [
        ("ascii", LengthEncoding.Ascii), ("bcd", LengthEncoding.Bcd), ("binary", LengthEncoding.Binary),
        ("ebcdic", LengthEncoding.Ebcdic), ("hex", LengthEncoding.Hex),
    ];

    public static readonly (string Word, NibblePad Value)[] Pads =
    [
        ("left-0", NibblePad.Left0), ("right-0", NibblePad.Right0), ("right-f", NibblePad.RightF),
        ("left-f", NibblePad.LeftF), ("none", NibblePad.None),
    ];

    public static readonly (string Word, FillSide Value)[] Fills =
    [
        ("left-space", FillSide.LeftSpace), ("right-space", FillSide.RightSpace), ("left-zero", FillSide.LeftZero),
        ("right-zero", FillSide.RightZero),
    ];

    public static readonly (string Word, Sensitivity Value)[] Sensitivities =
    [
        ("pan", Sensitivity.Pan), ("track", Sensitivity.Track), ("secret", Sensitivity.Secret), ("icc", Sensitivity.Icc),
        ("none", Sensitivity.None),
    ];

    public static readonly (string Word, CharacterClass Value)[] Classes =
    [
        ("n", CharacterClass.N), ("a", CharacterClass.A), ("an", CharacterClass.An), ("ns", CharacterClass.Ns),
        ("ans", CharacterClass.Ans), ("z", CharacterClass.Z), ("x+n", CharacterClass.SignedN), ("b", CharacterClass.B),
        ("any", CharacterClass.Any),
    ];

    public static readonly (string Word, LengthUnit Value)[] LengthUnits =
    [
        ("bytes", LengthUnit.Bytes), ("nibbles", LengthUnit.Nibbles), ("digits", LengthUnit.Format),
        ("characters", LengthUnit.Format),
    ];

    public static readonly (string Word, PartsKind Value)[] PartsKinds =
    [
        ("positional", PartsKind.Positional), ("tlv", PartsKind.Tlv), ("ber-tlv", PartsKind.BerTlv),
        ("bitmap", PartsKind.Bitmap), ("datasets", PartsKind.Datasets),
    ];

    public static readonly (string Word, DateFormat Value)[] DateFormats =
    [
        ("MMDD", DateFormat.MonthDay), ("YYMM", DateFormat.YearMonth), ("hhmmss", DateFormat.Time), ("YYMMDD", DateFormat.Date),
        ("YYYYMMDD", DateFormat.LongDate), ("MMDDhhmmss", DateFormat.MonthDayTime), ("YYMMDDhhmmss", DateFormat.DateTime),
        ("YYYYMMDDhhmmss", DateFormat.LongDateTime),
    ];

    public static readonly (string Word, bool Value)[] TlvOrders = [("tag-length", false), ("length-tag", true)];

    public static readonly (string Word, DialectRelaxation Value)[] Relaxations =
    [
        ("trailing-data", DialectRelaxation.TrailingData), ("characters", DialectRelaxation.Characters),
        ("parts", DialectRelaxation.Parts),
    ];
}
