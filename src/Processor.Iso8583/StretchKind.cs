namespace Processor.Iso8583;

/// <summary>When an element may be checked together with its neighbours.</summary>
internal enum StretchKind : byte
{
    Never,

    /// <summary>When no filler nibble stands in it, or a zero before its digits.</summary>
    Nibbles,

    Always,
}
