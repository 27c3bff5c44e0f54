namespace Processor.Ledger.Tests;

internal sealed class Move : LedgerOperation
{
    private readonly TaskCompletionSource<CommitOutcome> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required Verb Verb { get; init; }

    /// <summary>Minor units; for a release or an undoing the STAN of the original.</summary>
    public long Amount { get; init; }

    public bool AsksHistory { get; init; }

    /// <summary>True for one whose owner breaks its promise not to throw.</summary>
    public bool ThrowsWhenTold { get; init; }

    /// <summary>True for one that goes before all others, as the undoing of a late answer does.</summary>
    public bool IsUndoing
    {
        init => GoesFirst = value;
    }

    public bool IsApproved { get; set; }

    public bool IsRepeat { get; set; }

    public int Decisions { get; set; }

    public Task<CommitOutcome> Outcome => completion.Task;

    protected internal override void Complete(CommitOutcome outcome, FlushList flushes)
    {
        if (ThrowsWhenTold)
            throw new InvalidOperationException("It throws when it is told.");
        completion.SetResult(outcome);
    }
}
