namespace Processor.Iso8583;

// [zeros or D04A] length [session] [TPDU(5)] [STX] message [ETX [LRC]]
/// <summary>How messages are told apart on a connection.</summary>
/// <param name="Header">How the length is written.</param>
/// <param name="FrameLengthMax">
/// The longest message in bytes, nothing around it counted; a longer one means that framing is lost.
/// </param>
public readonly record struct Framing(FrameHeader Header, int FrameLengthMax)
{
    /// <summary>Bound when the configuration gives none. Real messages stay under 2 KB.</summary>
    public const int FrameLengthMaxDefault = 8192;

    /// <summary>Two bytes big-endian.</summary>
    public static Framing Binary2 => new(FrameHeader.Binary2, FrameLengthMaxDefault);

    /// <summary>Four ASCII digits.</summary>
    public static Framing Ascii4 => new(FrameHeader.Ascii4, FrameLengthMaxDefault);

    /// <summary>Whether the length counts its own bytes too; without this it counts all that follows them.</summary>
    public bool CountsItself { get; init; }

    /// <summary>Whether a TPDU stands before the message; the length counts it.</summary>
    public bool HasTpdu { get; init; }

    /// <summary>Whether a length of zero is a sign of life and no error.</summary>
    public bool KeepsAlive { get; init; }

    /// <summary>What stands around the message.</summary>
    public FrameMark Mark { get; init; }

    /// <summary>Bytes before the message.</summary>
    public int HeaderLength =>
        BlockLength + (HasTpdu ? FrameEnvelope.TpduLength : 0) + (Mark == FrameMark.StxEtxLrc ? 1 : 0);

    /// <summary>Bytes behind the message.</summary>
    public int TrailerLength => (int)Mark;

    /// <summary>Bytes of the length and of what belongs to it.</summary>
    internal int BlockLength => Header switch
    {
        FrameHeader.Binary2 or FrameHeader.Binary2Little or FrameHeader.Bcd2 => 2,
        FrameHeader.Binary3 => 3,
        FrameHeader.Ascii5 or FrameHeader.Ebcdic5 => 5,
        FrameHeader.Ascii6 or FrameHeader.Ebcdic6 or FrameHeader.Rbp => 6,
        FrameHeader.None => 0,
        _ => 4,
    };

    /// <summary>
    /// The framing of that name: the length's, then what else there is, joined by <c>+</c>, as in
    /// <c>binary-2</c>, <c>ascii-4+inclusive</c>, <c>bcd-2+tpdu</c> and <c>none+stx-etx-lrc</c>. See <see cref="FramingNames"/>.
    /// </summary>
    /// <exception cref="FormatException">There is no such framing.</exception>
    public static Framing Parse(string name, int frameLengthMax = FrameLengthMaxDefault) => FramingNames.Parse(name, frameLengthMax);
}
