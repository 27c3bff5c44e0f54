namespace Processor.Security;

/// <summary>What the software module may do.</summary>
/// <param name="IsProduction">Whether real cards are behind it. Then it refuses PIN work: PCI PIN asks for a device.</param>
/// <param name="AllowsPinInProduction">Says that this module's PIN work is outside PCI PIN, and lifts that refusal.</param>
/// <param name="ImportsOldKeyBlocks">Takes key blocks of versions A and C, which are deprecated. They are never made.</param>
public sealed record SoftwareHsmOptions(bool IsProduction = false, bool AllowsPinInProduction = false, bool ImportsOldKeyBlocks = false)
{
    internal bool AllowsPin => !IsProduction || AllowsPinInProduction;
}
