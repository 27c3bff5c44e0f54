namespace Processor.Iso8583;

/// <summary>How the length before a frame is written.</summary>
public enum FrameHeader : byte
{
    /// <summary>Two bytes, big-endian, not counting themselves.</summary>
    Binary2,

    /// <summary>Four ASCII digits, not counting themselves.</summary>
    Ascii4,
}
