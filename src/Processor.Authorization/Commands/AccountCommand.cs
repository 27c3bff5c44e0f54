using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Something that the program or the host itself asks of an account. Made for one use.</summary>
public abstract class AccountCommand : LedgerOperation
{
    private readonly TaskCompletionSource<CommitOutcome> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the decision said, good when <see cref="Completion"/> is <see cref="CommitOutcome.Committed"/>.</summary>
    public CommandResult Said { get; internal set; }

    /// <summary>Ends when the outcome is known.</summary>
    public Task<CommitOutcome> Completion => completion.Task;

    /// <inheritdoc/>
    protected override void Complete(CommitOutcome outcome, FlushList flushes) => completion.TrySetResult(outcome);
}
