namespace Processor.Ledger;

/// <summary>Which fields of one ordinal (a card, or the account under 0) the batch at hand changed.</summary>
[Flags]
internal enum ChangedFields : byte
{
    None = 0,
    Card = 1,
    Limits = 2,
    Usage = 4,
    Declines = 8,
    Counters = 16,
    Listed = 128,
}
