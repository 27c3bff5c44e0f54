using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Security;
using Processor.Testing;
using Xunit;

namespace Processor.Host.Tests;

/// <summary>PINs and commands for chips on two whole hosts: ordered by the façade and from the command line, sent on the wire, told by the chip.</summary>
public sealed class ChipCommandTests(PostgresFixture postgres, RedisFixture redis) : HostTest(postgres, redis)
{
    private const string Chosen = "8642";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly DemoCard Card = new(DemoCards.Unlimited);

    private ushort counter;

    [Fact]
    public async Task A_PIN_set_at_one_host_is_right_at_the_other_and_reaches_the_chip_which_tells_so()
    {
        (string, string)[] shared =
        [
            ("Processor:SecurityModule:KeyFile", Path.Combine(Folder, "hsm-keys")),
            ("Processor:SecurityModule:Components:0", Path.Combine(Folder, "component-1")),
            ("Processor:SecurityModule:Components:1", Path.Combine(Folder, "component-2")),
            ("Processor:Endpoints:0:PinKey", DemoKeys.ZonePins),
        ];
        await using var here = await StartAsync(shared);
        await using var there = await StartAsync(shared);
        await using var line = await there.ConnectAsync();
        Assert.Equal("00", (await line.AskAsync(WithPin(Card.Pin)))[39]);
        var card = await FindCardAsync(here);

        var set = await PostAsync(here, $"/v1/cards/{card}/pin", $$"""{"format":"iso0","block":"{{Convert.ToHexString(Card.PinBlock(Chosen))}}"}""");

        Assert.Equal(HttpStatusCode.OK, set);
        Assert.Equal("00", (await line.AskAsync(WithPin(Chosen)))[39]);
        Assert.Equal("55", (await line.AskAsync(WithPin(Card.Pin)))[39]);
        var (icc, command, number) = await UntilCommandAsync(line);
        Assert.True(Card.ChangesPin(command, icc, Chosen));
        await UntilListedAsync(here, card, "pin_change  sent");

        // The chip tells with the next transaction: done.
        await line.AskAsync(WithChip("9F5B0520" + number));
        await UntilListedAsync(here, card, "pin_change  succeeded");
    }

    [Fact]
    public async Task An_order_from_the_command_line_goes_out_once_and_one_that_waits_is_taken_back()
    {
        await using var host = await StartAsync();
        await using var line = await host.ConnectAsync();
        var card = await FindCardAsync(host);

        var (status, ordered) = await RunAsync(host, "order", card, "put_data", "9F58", "05", "--template", "71");
        var (_, second) = await RunAsync(host, "order", card, "card_block");
        var script = second.Split(' ')[0];

        Assert.Equal((0, " is ordered.\n"), (status, ordered[^13..]));
        Assert.Equal((0, "The order is taken back.\n"), await RunAsync(host, "cancel", card, script));
        Assert.Equal(1, (await RunAsync(host, "cancel", card, script)).Status);
        var (_, command, _) = await UntilCommandAsync(line);
        Assert.Equal("84DA9F580905", Convert.ToHexString(command[..6]));
        await UntilListedAsync(host, card, "put_data 9F58 05  sent");
        Assert.Contains("card_block  cancelled", (await RunAsync(host, "list", card)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2, "order")]
    [InlineData(2, "order", "card_06BZ0000000000000000000000", "pin_change")]
    [InlineData(2, "order", "card_06BZ0000000000000000000000", "put_data", "0000", "05")]
    [InlineData(2, "order", "card_06BZ0000000000000000000000", "put_data", "9F58", "5")]
    [InlineData(2, "list", "nonsense")]
    [InlineData(1, "order", "card_06BZ0000000000000000000000", "card_block")]
    [InlineData(1, "cancel", "card_06BZ0000000000000000000000", "scr_06BZ0000000000000000000000")]
    public async Task What_makes_no_sense_is_refused(int expected, params string[] words)
    {
        await using var host = await StartAsync();

        Assert.Equal(expected, (await RunAsync(host, words)).Status);
    }

    private static Iso8583Message WithPin(string pin)
    {
        var message = NetworkLine.Purchase(DemoCards.Unlimited, 10_50);
        message[52] = Convert.ToHexString(Card.PinBlock(pin));
        return message;
    }

    private Iso8583Message WithChip(string more = "")
    {
        counter++;
        var message = NetworkLine.Purchase(DemoCards.Unlimited, 10_50);
        message[55] = Convert.ToHexString(Card.IccData(counter, new Amount(10_50, Currency.Eur), unpredictableNumber: counter)) + more;
        return message;
    }

    /// <summary>Transactions until one's answer has a command for the chip: hosts follow orders within seconds.</summary>
    private async Task<(byte[] Icc, byte[] Command, string Number)> UntilCommandAsync(NetworkLine line)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(deadline) < Patience)
        {
            var request = WithChip();
            var icc = Convert.FromHexString(request[55]!);
            var answer = Convert.FromHexString((await line.AskAsync(request))[55]!);
            Assert.True(Card.TryReadCommand(answer, icc, out var command));
            if (command.Length > 0)
                return (icc, command, Convert.ToHexString(answer.AsSpan(2 + answer[1] + 5, 4)));
            await Task.Delay(50);
        }

        throw new TimeoutException("No command came.");
    }

    private static async Task UntilListedAsync(RunningHost host, string card, string words)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        var listed = "";
        while (TimeProvider.System.GetElapsedTime(deadline) < Patience)
        {
            listed = (await RunAsync(host, "list", card)).Output;
            if (listed.Contains(words, StringComparison.Ordinal))
                return;
            await Task.Delay(50);
        }

        Assert.Fail($"'{words}' is not in: {listed}");
    }

    private static async Task<(int Status, string Output)> RunAsync(RunningHost host, params string[] words)
    {
        var output = new StringWriter { NewLine = "\n" };
        var status = await ChipCommand.RunAsync(words, host.Get<IConfiguration>(), TimeProvider.System, output, output, CancellationToken.None);
        return (status, output.ToString());
    }

    private async Task<string> FindCardAsync(RunningHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/cards?limit=100");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(Folder, "api-key"))).Trim());
        using var answer = await host.Http.SendAsync(request);
        var lastFour = DemoCards.Unlimited.LastFour.ToString("D4", System.Globalization.CultureInfo.InvariantCulture);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("data").EnumerateArray()
            .Single(card => card.GetProperty("last4").GetString() == lastFour).GetProperty("id").GetString()!;
    }

    private async Task<HttpStatusCode> PostAsync(RunningHost host, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(Folder, "api-key"))).Trim());
        request.Headers.Add("Idempotency-Key", "pin-1");
        using var answer = await host.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
