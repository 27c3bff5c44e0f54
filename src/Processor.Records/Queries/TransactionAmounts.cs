using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>What the events of a transaction add up to, in minor units of the account's currency. None is negative but the last three.</summary>
public sealed record TransactionAmounts
{
    /// <summary>Held by the first message.</summary>
    public long Authorized { get; private set; }

    /// <summary>Held now.</summary>
    public long Held { get; private set; }

    /// <summary>Undone by reversals, whether it was held or posted.</summary>
    public long Reversed { get; private set; }

    /// <summary>Released because its time ran out.</summary>
    public long Expired { get; private set; }

    /// <summary>Released because it was posted, or because its answer came too late.</summary>
    public long Released { get; private set; }

    /// <summary>Posted to the account's debit.</summary>
    public long Cleared { get; private set; }

    /// <summary>Announced to the account's credit.</summary>
    public long RefundAuthorized { get; private set; }

    /// <summary>Posted to the account's credit.</summary>
    public long Refunded { get; private set; }

    /// <summary>Change of the hold by advices and completions.</summary>
    public long HoldAdjustment { get; private set; }

    /// <summary>What networks' messages took from the account in the end; negative when money came.</summary>
    public long NetPosted { get; private set; }

    /// <summary>Moved by the program, not by a network: onto the account, or off it when negative.</summary>
    public long Transferred { get; private set; }

    /// <summary>Posted to the account's credit and not taken back.</summary>
    internal long RefundedInTheEnd { get; private set; }

    /// <summary>Adds up events in their order.</summary>
    public static TransactionAmounts Of(IEnumerable<TransactionEvent> events)
    {
        var amounts = new TransactionAmounts();
        var isFirst = true;
        foreach (var item in events)
        {
            if (item.Type is EventType.TopUp or EventType.Withdraw)
            {
                amounts.Transferred += item.PostedDelta;
                continue;
            }

            amounts.Held += item.HeldDelta;
            amounts.NetPosted -= item.PostedDelta;
            amounts.RefundedInTheEnd += item.Kind == TransactionKind.Refund ? item.PostedDelta : 0;
            amounts.Add(item, isFirst);
            isFirst = false;
        }

        return amounts;
    }

    private void Add(TransactionEvent item, bool isFirst)
    {
        switch (item.Type)
        {
            case EventType.AuthorizationReversal or EventType.FinancialReversal:
                Reversed += Math.Abs(item.PostedDelta) - item.HeldDelta;
                break;
            case EventType.AuthorizationExpiry:
                Expired -= item.HeldDelta;
                break;
            case EventType.LateRelease or EventType.PendingTimeout:
                Released += Math.Abs(item.PostedDelta) - item.HeldDelta;
                break;
            case EventType.CreditAuthorization when item.Reason == DeclineReason.None:
                RefundAuthorized += item.BillingAmount;
                break;
            case EventType.FinancialAdvice when item.PostedDelta != 0:
                Released -= item.HeldDelta;
                Post(item);
                break;
            case EventType.AuthorizationAdvice or EventType.FinancialAdvice when !isFirst:
                HoldAdjustment += item.HeldDelta;
                break;
            default:
                Authorized += item.HeldDelta;
                Post(item);
                break;
        }
    }

    // A completion that posts less than its purchase had posted gives money back, and is no refund.
    private void Post(TransactionEvent item)
    {
        if (item.Kind == TransactionKind.Refund)
            Refunded += item.PostedDelta;
        else
            Cleared -= item.PostedDelta;
    }
}
