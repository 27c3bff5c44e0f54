using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Cli.Simulation;

/// <summary>
/// A short day of a card network on the demo program: it takes back what it takes, so that it can be played any
/// number of times.
/// </summary>
/// <param name="stage">Plays the steps.</param>
/// <param name="merchant">Makes the messages.</param>
/// <param name="dialect">Says how a terminal tells that it takes less.</param>
internal sealed class DemoPlay(Stage stage, Merchant merchant, Dialect dialect)
{
    private const string Purchase = "000000";
    private const string BalanceInquiry = "310000";

    // A frozen card: which code stands for it differs by network.
    private const string FrozenCodes = "62|57|78";

    private static readonly Expectation Approved = new(39, "00");

    /// <summary>Plays all of it.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await PlayAsync("sign-on", merchant.Management("001"), cancellation, Approved, new(70, "001"));
        string? balance = await PlayBalanceAsync("balance before", Expectation.Present, cancellation);
        await PlayPurchaseAsync(cancellation);
        await PlayDeclinesAsync(cancellation);
        await PlayPartialApprovalAsync(cancellation);
        await PlayAdvicesAsync(cancellation);
        await PlayBalanceAsync("the same balance after", balance ?? Expectation.Present, cancellation);
        await PlayAsync("echo", merchant.Management("301"), cancellation, Approved, new(70, "301"));
        await PlayAsync("sign-off", merchant.Management("002"), cancellation, Approved, new(70, "002"));
    }

    private async Task<string?> PlayBalanceAsync(string title, string balance, CancellationToken cancellation)
    {
        var inquiry = merchant.Request("0100", BalanceInquiry, DemoCards.Everyday, 0);
        var answer = await PlayAsync($"{title}, {DemoCards.Everyday}", inquiry, cancellation, Approved, new(54, balance));
        return answer?[54];
    }

    private async Task PlayPurchaseAsync(CancellationToken cancellation)
    {
        var purchase = merchant.Request("0100", Purchase, DemoCards.Everyday, 25_00);
        var answer = await PlayAsync(
            $"purchase of 25.00 EUR, {DemoCards.Everyday}", purchase, cancellation,
            Approved, new(38, Expectation.Present), new(4, purchase[4]!), new(37, purchase[37]!), new(14, Expectation.Absent));
        string? approvalCode = answer?[38];

        var repeat = purchase.Copy();
        repeat.Mti = Mti.Parse("0101");
        await PlayAsync(
            "the same purchase sent again: the first answer", repeat, cancellation,
            new(0, "0110"), Approved, new(38, approvalCode ?? Expectation.Present));

        var partial = merchant.About("0400", purchase, approvalCode);
        partial[95] = Merchant.Remaining(10_00);
        await PlayAsync("reversal in part: 10.00 of 25.00 EUR remain", partial, cancellation, new(0, "0410"), Approved);

        await PlayAsync(
            "reversal of the rest", merchant.About("0400", purchase, approvalCode), cancellation, new(0, "0410"), Approved);
    }

    private async Task PlayDeclinesAsync(CancellationToken cancellation)
    {
        await PlayAsync(
            $"purchase of 25.00 EUR with 10.00 on the card, {DemoCards.Poor}",
            merchant.Request("0100", Purchase, DemoCards.Poor, 25_00), cancellation, new(39, "51"), new(38, Expectation.Absent));
        await PlayAsync(
            $"purchase of 5.00 EUR on a frozen card, {DemoCards.Frozen}",
            merchant.Request("0100", Purchase, DemoCards.Frozen, 5_00), cancellation,
            new(39, FrozenCodes), new(38, Expectation.Absent));
    }

    private async Task PlayPartialApprovalAsync(CancellationToken cancellation)
    {
        var purchase = Merchant.AcceptingLess(merchant.Request("0100", Purchase, DemoCards.Poor, 25_00), dialect);
        var answer = await PlayAsync(
            "purchase of 25.00 EUR that takes less: 10.00", purchase, cancellation,
            new(39, "10"), new(38, Expectation.Present), new(4, "000000001000"), new(54, "0057978D000000002500|0057978C000000002500"));
        if (answer?[38] is { } approvalCode)
        {
            await PlayAsync(
                "its reversal", merchant.About("0400", purchase, approvalCode), cancellation, new(0, "0410"), Approved);
        }
    }

    private async Task PlayAdvicesAsync(CancellationToken cancellation)
    {
        var standIn = merchant.Request("0120", Purchase, DemoCards.Unlimited, 12_00);
        standIn[38] = "STAND1";
        standIn[39] = "00";
        await PlayAsync(
            "advice of 12.00 EUR that the network approved", standIn, cancellation, new(0, "0130"), Approved);

        var hotel = merchant.Request("0100", Purchase, DemoCards.Unlimited, 50_00);
        var answer = await PlayAsync(
            $"preauthorization of 50.00 EUR, {DemoCards.Unlimited}", hotel, cancellation,
            Approved, new(38, Expectation.Present));
        var completion = merchant.About("0220", hotel, answer?[38]);
        completion[4] = "000000004000";
        completion[39] = "00";
        await PlayAsync("its completion with 40.00 EUR", completion, cancellation, new(0, "0230"), Approved);

        await PlayAsync(
            "reversal advice of the completed one", merchant.About("0420", hotel, answer?[38]), cancellation,
            new(0, "0430"), Approved);
        var undone = merchant.About("0420", standIn, "STAND1");
        undone[39] = null;
        await PlayAsync("reversal advice of the advice", undone, cancellation, new(0, "0430"), Approved);
    }

    private Task<Iso8583Message?> PlayAsync(
        string title, Iso8583Message request, CancellationToken cancellation, params Expectation[] expectations) =>
        stage.PlayAsync(new(title, request, expectations), cancellation);
}
