using System.Collections.Concurrent;
using System.Threading.Channels;
using Processor.Authorization;
using Processor.Ledger;

namespace Processor.Switch.Tests;

/// <summary>A ledger in which the test says what is decided, and when: at once, or operation by operation.</summary>
internal sealed class SteppedLedger : ILedger
{
    private readonly Channel<LedgerOperation> waiting = Channel.CreateUnbounded<LedgerOperation>();
    private readonly FlushList flushes = new();

    /// <summary>True: operations wait for <see cref="TakeAsync"/>. False: they are completed as they are submitted.</summary>
    public bool IsHolding { get; set; }

    /// <summary>False: what is submitted is not kept in <see cref="Requests"/>.</summary>
    public bool IsRecording { get; set; } = true;

    /// <summary>What becomes of operations that are completed as they are submitted.</summary>
    public CommitOutcome Outcome { get; set; } = CommitOutcome.Committed;

    /// <summary>What is decided; an approval when nothing else is said.</summary>
    public Func<AuthorizationRequest, AuthorizationAnswer> Decide { get; set; } = static request => Approval(in request);

    /// <summary>Every request that was submitted, in order.</summary>
    public ConcurrentQueue<AuthorizationRequest> Requests { get; } = new();

    /// <summary>Every other operation that was submitted, in order.</summary>
    public ConcurrentQueue<LedgerOperation> Commands { get; } = new();

    public static AuthorizationAnswer Approval(in AuthorizationRequest request)
    {
        var answer = new AuthorizationAnswer { Kind = AnswerKind.Approved, ApprovedTransaction = request.Transaction.MinorUnits };
        "A1B2C3"u8.CopyTo(answer.ApprovalCode);
        return answer;
    }

    public void Submit(LedgerOperation operation)
    {
        if (operation is not AuthorizationOperation authorization)
            Commands.Enqueue(operation);
        else if (IsRecording)
            Requests.Enqueue(authorization.Request);
        if (IsHolding)
            waiting.Writer.TryWrite(operation);
        else
            Complete(operation, Outcome);
    }

    /// <summary>The next operation that waits.</summary>
    public async Task<LedgerOperation> TakeAsync() =>
        await waiting.Reader.ReadAsync().AsTask().WaitAsync(Peer.Patience);

    /// <summary>Decides, if it is committed, and completes.</summary>
    public void Complete(LedgerOperation operation, CommitOutcome outcome = CommitOutcome.Committed)
    {
        if (outcome == CommitOutcome.Committed && operation is AuthorizationOperation authorization)
            authorization.Answer = Decide(authorization.Request);
        lock (flushes)
        {
            operation.Complete(outcome, flushes);
            flushes.FlushAll();
        }
    }
}
