using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>Use within the current day, week and month.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct UsageSet
{
    /// <summary>The current calendar day.</summary>
    public UsageWindow Day;

    /// <summary>The current week.</summary>
    public UsageWindow Week;

    /// <summary>The current month.</summary>
    public UsageWindow Month;
}
