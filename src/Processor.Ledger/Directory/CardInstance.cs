namespace Processor.Ledger;

/// <summary>One card under a PAN: a renewal keeps the PAN and has another expiry.</summary>
/// <param name="Ordinal">The card's ordinal in its account.</param>
/// <param name="Expiry">Year and month as in DE 14.</param>
/// <param name="SequenceNumber">DE 23.</param>
public readonly record struct CardInstance(ushort Ordinal, ushort Expiry, byte SequenceNumber);
