using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>What was used of a <see cref="LimitRecord"/>: hash field <c>u</c> and the same ordinal.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct UsageRecord
{
    /// <summary>All that debits.</summary>
    public UsageSet All;

    /// <summary>Cash alone.</summary>
    public UsageSet Cash;
}
