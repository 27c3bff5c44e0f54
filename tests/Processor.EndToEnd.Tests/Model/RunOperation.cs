using System.Text;
using Processor.Authorization;
using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>A message of the random run, whose answer can be waited for.</summary>
internal sealed class RunOperation : AuthorizationOperation
{
    private readonly TaskCompletionSource<CommitOutcome> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<CommitOutcome> Completion => completion.Task;

    /// <summary>What a sender sees of the answer.</summary>
    internal ToldAnswer Told =>
        new(Answer.Kind, Answer.Reason, Answer.ApprovedTransaction, Encoding.ASCII.GetString(Answer.ApprovalCode), Answer.LedgerBalance, Answer.AvailableBalance, default);

    /// <inheritdoc/>
    protected override void Complete(CommitOutcome outcome, FlushList flushes) => completion.SetResult(outcome);
}
