using Processor.Authorization;
using Processor.Ledger;

namespace Processor.Bench;

/// <summary>A request of a benchmark; tells its owner when it is completed.</summary>
internal sealed class BenchOperation(Action<BenchOperation, CommitOutcome>? completed = null) : AuthorizationOperation
{
    /// <summary>Which account of the run.</summary>
    public int AccountIndex { get; set; }

    /// <summary>Number of the latest purchase, for its reversal.</summary>
    public int LatestPurchase { get; set; }

    /// <summary>Whether the latest request was a purchase.</summary>
    public bool IsPurchase { get; set; }

    /// <summary>When it was submitted, as a timestamp.</summary>
    public long SubmittedAt { get; set; }

    /// <summary>Becomes the account's next request: a purchase, and after it its reversal.</summary>
    /// <param name="account">The account.</param>
    /// <param name="accountId">Its identifier.</param>
    /// <param name="number">Never used twice in a run.</param>
    /// <param name="purchase">The purchase to reverse; 0 to make a new one.</param>
    public void Become(int account, Processor.Cards.Ulid accountId, int number, int purchase)
    {
        ResetAuthorization();
        AccountIndex = account;
        AccountId = accountId;
        IsPurchase = purchase == 0;
        if (IsPurchase)
        {
            LatestPurchase = number;
            BenchProgram.Purchase(ref Request, account, number);
        }
        else
        {
            BenchProgram.Reversal(ref Request, account, purchase, number);
        }

        Key = RequestKey.Of(in Request);
    }

    /// <inheritdoc/>
    protected internal override void Complete(CommitOutcome outcome, FlushList flushes) => completed?.Invoke(this, outcome);
}
