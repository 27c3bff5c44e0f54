namespace Processor.Iso8583;

/// <summary>What a reader found at the start of a buffer.</summary>
public enum FrameStatus : byte
{
    /// <summary>A whole frame, which has been taken off the buffer.</summary>
    Frame,

    /// <summary>Not yet a whole frame; the buffer is as it was.</summary>
    NeedMoreData,

    /// <summary>A length that cannot be: framing is lost, and the connection has to be closed.</summary>
    Malformed,
}
