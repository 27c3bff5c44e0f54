using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Cli.Simulation;

/// <summary>A few messages of a network that authenticates what it sends: right codes, a wrong one, none; it takes back what it takes.</summary>
/// <param name="stage">Plays the steps on a link that puts codes into messages.</param>
/// <param name="merchant">Makes the messages.</param>
internal sealed class CodePlay(Stage stage, Merchant merchant)
{
    private const string WrongCode = "0000000000000000";

    // Security violation, or cryptographic failure: which one differs by network.
    private const string RefusedCodes = "63|88";

    private static readonly Expectation Approved = new(39, "00");

    /// <summary>Plays all of it.</summary>
    /// <param name="isRequired">True when the issuer refuses messages without a code.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task RunAsync(bool isRequired, CancellationToken cancellation)
    {
        await PlayAsync("authenticated sign-on", merchant.Management("001"), Approved, cancellation);
        var wrong = Ask();
        wrong[64] = WrongCode;
        await PlayAsync("purchase with a wrong authentication code", wrong, new(39, RefusedCodes), cancellation);
        if (isRequired)
            await stage.PlayAsync(new("purchase without an authentication code", Ask(), [new(39, RefusedCodes)]) { IsUnsealed = true }, cancellation);
        var right = Ask();
        var answer = await PlayAsync("purchase with a right authentication code", right, Approved, cancellation);
        await PlayAsync("its reversal", merchant.About("0400", right, answer?[38]), Approved, cancellation);
        await PlayAsync("authenticated sign-off", merchant.Management("002"), Approved, cancellation);
    }

    private Iso8583Message Ask() => merchant.Request("0100", "000000", DemoCards.Unlimited, 7_00);

    private Task<Iso8583Message?> PlayAsync(string title, Iso8583Message request, Expectation expectation, CancellationToken cancellation) =>
        stage.PlayAsync(new(title, request, [expectation]), cancellation);
}
