namespace Processor.Iso8583;

/// <summary>What a frame's header says besides its length, kept so that the reply can give it back.</summary>
/// <param name="Tpdu">The five bytes of a TPDU as a number, the identifier highest; 0 without one.</param>
/// <param name="Session">The two bytes behind the length of <see cref="FrameHeader.Vap"/>; 0 without them.</param>
public readonly record struct FrameEnvelope(ulong Tpdu, ushort Session)
{
    /// <summary>Bytes of a TPDU: identifier(1) destination(2) source(2).</summary>
    public const int TpduLength = 5;

    /// <summary>Of a request whose sender has no addresses to name: TPDU 6000000000, session 0000.</summary>
    public static FrameEnvelope Plain => new(0x60_0000_0000, 0);

    /// <summary>The envelope of the reply: destination and source change places, the rest stays.</summary>
    public FrameEnvelope ToReply() =>
        this with { Tpdu = (Tpdu & 0xFF_0000_0000) | ((Tpdu & 0xFFFF) << 16) | ((Tpdu >> 16) & 0xFFFF) };
}
