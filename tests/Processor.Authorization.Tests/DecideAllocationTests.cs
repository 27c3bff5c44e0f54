using System.Globalization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Testing;
using Xunit;

namespace Processor.Authorization.Tests;

/// <summary>The hot path allocates nothing; counted in Release, once everything is warm.</summary>
public sealed class DecideAllocationTests
{
    private const int Runs = 10_000;

    [Theory]
    [InlineData(1_000_000_000L, AnswerKind.Approved)]
    [InlineData(0L, AnswerKind.Declined)]
    public void Deciding_allocates_nothing(long balance, AnswerKind expected)
    {
        // A zone of its own: the windows of a zone are kept for one day, and other tests ask for other days.
        var stage = new Stage(new Dictionary<string, string> { ["balance"] = balance.ToString(CultureInfo.InvariantCulture), ["day"] = "999999999", ["zone"] = "Africa/Tunis" });
        var purchase = new Question { Request = Requests.Make("0100", "purchase", 100, new Dictionary<string, string> { ["stan"] = "1" }) };
        var reversal = new Question { Request = Requests.Make("0400", "purchase", 100, new Dictionary<string, string> { ["stan"] = "2", ["of"] = "1" }) };
        var decide = stage.Decider;

        // One hold is made and undone again and again under the same key, so that no table grows.
        var allocated = Allocation.LeastBytes(() => Play(decide, stage.Account, purchase, reversal, Runs));

        Assert.Equal(expected, purchase.Answer.Kind);
        Assert.Equal(0, allocated);
    }

    private static void Play(AuthorizationDecide decide, AccountAggregate account, Question purchase, Question reversal, int times)
    {
        for (var index = 0; index < times; index++)
        {
            purchase.Request.Stan = (uint)index;
            purchase.Key = RequestKey.Of(in purchase.Request);
            decide.Decide(purchase, account);
            reversal.Request.Stan = (uint)(1_000_000 + index);
            reversal.Request.OriginalStan = (uint)index;
            reversal.Key = RequestKey.Of(in reversal.Request);
            reversal.HasHistory = true;
            decide.Decide(reversal, account);
            for (var slot = 0; slot < account.HoldSlots; slot++)
            {
                if (account.IsHoldLive(slot))
                    account.Holds.Remove(slot);
            }

            account.ClearChanges();
        }
    }
}
