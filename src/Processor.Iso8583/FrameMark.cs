namespace Processor.Iso8583;

/// <summary>The bytes that stand around a message. A length counts them.</summary>
public enum FrameMark : byte
{
    /// <summary>None.</summary>
    None,

    /// <summary>ETX (03) behind the message.</summary>
    Etx,

    /// <summary>STX (02), the message, ETX (03), and a check byte: the exclusive or of the message and ETX (ISO 1155).</summary>
    StxEtxLrc,
}
