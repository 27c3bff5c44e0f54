namespace Processor.Security;

/// <summary>Why a block holds no PIN. For tests and known answers: nobody outside the module learns which it was.</summary>
internal enum PinBlockFault : byte
{
    None,
    Size,
    Format,
    Length,
    Digits,
    Filler,
}
