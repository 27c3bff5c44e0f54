using System.Runtime.InteropServices;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>One remembered decline.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DeclineEntry
{
    /// <summary>The request key; zero for an empty slot.</summary>
    public UInt128 Key;

    /// <summary>DE 4 of the request.</summary>
    public long AskedTransaction;

    /// <summary>DE 49 of the request.</summary>
    public ushort TransactionCurrency;

    /// <summary>Why.</summary>
    public DeclineReason Reason;
}
