namespace Processor.Security;

/// <summary>From which format a PIN may be translated to which: PCI PIN requirement 3-3.</summary>
internal static class PinTranslation
{
    /// <summary>0, 3 and 4 to each other with the same PAN; 1 to those and never back; 2 is for the chip alone, and translates to nothing.</summary>
    internal static bool IsAllowed(PinBlockFormat source, PinBlockFormat target) =>
        source is PinBlockFormat.Iso0 or PinBlockFormat.Iso1 or PinBlockFormat.Iso3 or PinBlockFormat.Iso4
        && target is PinBlockFormat.Iso0 or PinBlockFormat.Iso3 or PinBlockFormat.Iso4;
}
