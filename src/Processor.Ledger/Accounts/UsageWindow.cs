using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>Amount and number of transactions since a window began.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct UsageWindow
{
    /// <summary>Unix milliseconds at which the window began; a later window starts at zero.</summary>
    public long Start;

    /// <summary>Minor units.</summary>
    public long Amount;

    /// <summary>Transactions.</summary>
    public int Count;
}
