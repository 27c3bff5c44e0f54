namespace Processor.Ledger;

/// <summary>The ledger as the switch and the façade see it.</summary>
public interface ILedger
{
    /// <summary>Hands an operation to the lane of its account's partition. Never blocks; when the lane's queue is full or the
    /// partition is stopped the operation completes as <see cref="CommitOutcome.Unavailable"/>.</summary>
    void Submit(LedgerOperation operation);
}
