using Processor.Cards;
using Xunit;

namespace Processor.Ledger.Tests;

internal sealed class Move : LedgerOperation
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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

    /// <summary>Opens an account that has 500.</summary>
    internal static async Task<Ulid> OpenAsync(Ledger<Moves> host)
    {
        var open = new Move { AccountId = Ulid.Create(TimeProvider.System), Verb = Verb.Open, Amount = 500, Key = 1 };
        host.Submit(open);
        Assert.Equal(CommitOutcome.Committed, await open.Outcome.WaitAsync(Patience));
        return open.AccountId;
    }

    protected internal override void Complete(CommitOutcome outcome, FlushList flushes)
    {
        if (ThrowsWhenTold)
            throw new InvalidOperationException("It throws when it is told.");
        completion.SetResult(outcome);
    }
}
