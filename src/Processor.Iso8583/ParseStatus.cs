namespace Processor.Iso8583;

/// <summary>What came of reading a frame.</summary>
public enum ParseStatus : byte
{
    /// <summary>Every byte of the frame is accounted for.</summary>
    Parsed,

    /// <summary>Unreadable from some byte on; <see cref="MessageLayout.Error"/> says where and why.</summary>
    Rejected,
}
