using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>One currency of an account: hash field <c>b</c> and the currency's number as two bytes. Minor units.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct BalanceRecord
{
    /// <summary>ISO 4217 numeric code.</summary>
    public ushort Currency;

    /// <summary>Money that has moved; negative when the cardholder owes.</summary>
    public long Posted;

    /// <summary>Sum of the open and pending holds; never negative.</summary>
    public long Held;

    /// <summary>How far available reaches below zero; the floor is its negative. Zero for prepaid.</summary>
    public long CreditLimit;

    /// <summary>What may still be approved: posted − held + credit limit.</summary>
    public readonly long Available => checked(Posted - Held + CreditLimit);
}
