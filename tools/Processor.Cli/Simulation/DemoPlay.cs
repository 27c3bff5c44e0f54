using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Cli.Simulation;

/// <summary>
/// A short day of a card network on the demo program: it takes back what it takes, so that it can be played any
/// number of times.
/// </summary>
/// <param name="stage">Plays the steps.</param>
/// <param name="merchant">Makes the messages.</param>
/// <param name="cardholder">Puts credentials into them; null for a play without any.</param>
/// <param name="dialect">Says how a terminal tells that it takes less.</param>
internal sealed class DemoPlay(Stage stage, Merchant merchant, Cardholder? cardholder, Dialect dialect)
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
        if (cardholder is not null)
            await PlayCredentialsAsync(cardholder, cancellation);
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
        var purchase = Chip(merchant.Request("0100", Purchase, DemoCards.Everyday, 25_00), DemoCards.Everyday);
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
            Chip(merchant.Request("0100", Purchase, DemoCards.Poor, 25_00), DemoCards.Poor), cancellation, new(39, "51"), new(38, Expectation.Absent));
        await PlayAsync(
            $"purchase of 5.00 EUR on a frozen card, {DemoCards.Frozen}",
            Chip(merchant.Request("0100", Purchase, DemoCards.Frozen, 5_00), DemoCards.Frozen), cancellation,
            new(39, FrozenCodes), new(38, Expectation.Absent));
    }

    private async Task PlayPartialApprovalAsync(CancellationToken cancellation)
    {
        var purchase = Merchant.AcceptingLess(Chip(merchant.Request("0100", Purchase, DemoCards.Poor, 25_00), DemoCards.Poor), dialect);
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
        var standIn = Chip(merchant.Request("0120", Purchase, DemoCards.Unlimited, 12_00), DemoCards.Unlimited);
        standIn[38] = "STAND1";
        standIn[39] = "00";
        await PlayAsync(
            "advice of 12.00 EUR that the network approved", standIn, cancellation, new(0, "0130"), Approved);

        var hotel = Chip(merchant.Request("0100", Purchase, DemoCards.Unlimited, 50_00), DemoCards.Unlimited);
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

    /// <summary>Each wrong credential has the right one after it, so that no PIN try is left spent.</summary>
    private async Task PlayCredentialsAsync(Cardholder holder, CancellationToken cancellation)
    {
        await PlayPairAsync("CVV2 of a keyed card", "05|N7|82", isRight => holder.TellValue(Ask(), DemoCards.Unlimited, isRight), cancellation);
        await PlayPairAsync("CVV of a stripe", "05|82", isRight => holder.Swipe(Ask(), DemoCards.Unlimited, isRight), cancellation);
        await PlayPairAsync("cryptogram of a chip", "05|82|88", isRight => holder.InsertChip(Ask(), DemoCards.Unlimited, isRight), cancellation);
        await PlayPairAsync("PIN at a cash machine", "55", isRight => holder.TypePin(Chip(Ask("010000"), DemoCards.Unlimited), DemoCards.Unlimited, isRight), cancellation);

        var first = Chip(Ask(), DemoCards.Unlimited);
        var answer = await PlayAsync("purchase with a chip", first, cancellation, Approved);
        var copied = Ask();
        foreach (var element in new[] { 4, 22, 23, 35, 55 })
            copied[element] = first[element];
        await stage.PlayAsync(new("another one with the same cryptogram", copied, [new(39, "05|82|88"), new(55, Expectation.Present)]), cancellation);
        await PlayAsync("reversal of the purchase", merchant.About("0400", first, answer?[38]), cancellation, new(0, "0410"), Approved);

        Iso8583Message Ask(string processingCode = Purchase) => merchant.Request("0100", processingCode, DemoCards.Unlimited, 7_00);
    }

    private async Task PlayPairAsync(string what, string codes, Func<bool, Iso8583Message> ask, CancellationToken cancellation)
    {
        await stage.PlayAsync(new($"wrong {what}", ask(false), [new(39, codes), new(38, Expectation.Absent)]), cancellation);
        var right = ask(true);
        var answer = await PlayAsync($"right {what}", right, cancellation, Approved, new(38, Expectation.Present));
        await PlayAsync("its reversal", merchant.About("0400", right, answer?[38]), cancellation, new(0, "0410"), Approved);
    }

    private Iso8583Message Chip(Iso8583Message message, Pan pan) => cardholder?.InsertChip(message, pan) ?? message;

    private Task<Iso8583Message?> PlayAsync(
        string title, Iso8583Message request, CancellationToken cancellation, params Expectation[] expectations)
    {
        // The chip is asked about requests; an advice tells of what it has ended.
        var judge = cardholder is { } holder && !request.Mti.IsAdvice ? holder.Judge : (Func<Iso8583Message, Iso8583Message, string?>?)null;
        return stage.PlayAsync(new(title, request, expectations) { Judge = judge }, cancellation);
    }
}
