namespace Processor.Iso8583;

/// <summary>How messages are told apart on a connection.</summary>
/// <param name="Header">How the length is written.</param>
/// <param name="FrameLengthMax">The longest frame in bytes, its header not counted; longer means that framing is lost.</param>
public readonly record struct Framing(FrameHeader Header, int FrameLengthMax)
{
    /// <summary>Bound when the configuration gives none. Real messages stay under 2 KB.</summary>
    public const int FrameLengthMaxDefault = 8192;

    /// <summary>Two bytes big-endian.</summary>
    public static Framing Binary2 => new(FrameHeader.Binary2, FrameLengthMaxDefault);

    /// <summary>Four ASCII digits.</summary>
    public static Framing Ascii4 => new(FrameHeader.Ascii4, FrameLengthMaxDefault);

    /// <summary>Bytes of the written length.</summary>
    public int HeaderLength => Header == FrameHeader.Binary2 ? 2 : 4;

    /// <summary>The framing of that name: <c>binary-2</c> or <c>ascii-4</c>.</summary>
    /// <exception cref="FormatException">There is no such framing.</exception>
    public static Framing Parse(string name, int frameLengthMax = FrameLengthMaxDefault) => name switch
    {
        "binary-2" => new(FrameHeader.Binary2, frameLengthMax),
        "ascii-4" => new(FrameHeader.Ascii4, frameLengthMax),
        _ => throw new FormatException($"Framing {name} is not one of binary-2, ascii-4."),
    };
}
