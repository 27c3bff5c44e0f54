namespace Processor.Iso8583;

/// <summary>What a reader found at the start of a buffer.</summary>
public enum FrameStatus : byte
{
    /// <summary>A whole frame, which has been taken off the buffer.</summary>
    Frame,

    /// <summary>Not yet a whole frame; the buffer is as it was.</summary>
    NeedMoreData,

    /// <summary>A length or a mark that cannot be: framing is lost, and the connection has to be closed.</summary>
    Malformed,

    /// <summary>A length of zero on a line with <see cref="Framing.KeepsAlive"/>, which has been taken off; the peer wants it back.</summary>
    KeepAlive,
}
