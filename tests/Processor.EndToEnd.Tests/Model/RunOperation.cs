using Processor.Authorization;
using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>A message of the random run, whose answer can be waited for.</summary>
internal sealed class RunOperation : AuthorizationOperation
{
    private readonly TaskCompletionSource<CommitOutcome> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<CommitOutcome> Completion => completion.Task;

    /// <summary>What a sender sees of an answer: DE 39's meaning, 4, 38 and 54.</summary>
    internal string Told => $"{Answer.Kind} {Answer.Reason} {Answer.ApprovedTransaction} {System.Text.Encoding.ASCII.GetString(Answer.ApprovalCode)} {Answer.LedgerBalance} {Answer.AvailableBalance}";

    /// <inheritdoc/>
    protected override void Complete(CommitOutcome outcome, FlushList flushes) => completion.SetResult(outcome);
}
