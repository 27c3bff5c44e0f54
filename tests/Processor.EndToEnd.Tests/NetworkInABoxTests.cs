using System.Globalization;
using System.Text.Json;
using Processor.Cli.Commands;
using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>The network in a box against a real host with a security module: right credentials are approved, wrong ones declined, and its chips
/// know their issuer.</summary>
public sealed class NetworkInABoxTests
{
    [Fact]
    public async Task The_demo_plays_right_and_wrong_credentials_again_and_again()
    {
        using var folder = TestFolder.Create("box");
        await using var system = await LiveSystem.StartWithModuleAsync(folder.Path);
        var chips = Path.Combine(folder.Path, "chips");

        // The second time shows that the first left nothing behind: no PIN try, no counter, no money.
        for (var time = 1; time <= 2; time++)
        {
            var (code, text) = await RunAsync("sim", "demo", "--brief", "--port", Text(system.Host.DualPort), "--chips", chips);

            Assert.True(code == ExitCode.Done, text);
            Assert.Contains("all as expected", text, StringComparison.Ordinal);
            Assert.DoesNotContain("FAIL", text, StringComparison.Ordinal);
            foreach (var (title, answer) in new[]
            {
                ("wrong CVV2 of a keyed card", "05"), ("right CVV2 of a keyed card", "00"),
                ("wrong CVV of a stripe", "82"), ("right CVV of a stripe", "00"),
                ("wrong cryptogram of a chip", "82"), ("right cryptogram of a chip", "00"),
                ("wrong PIN at a cash machine", "55"), ("right PIN at a cash machine", "00"),
                ("another one with the same cryptogram", "82"),
            })
                Assert.Matches($"ok +[0-9]+  {title} +{answer} ", text);
        }
    }

    [Fact]
    public async Task The_demo_finds_out_a_host_whose_keys_are_others()
    {
        using var folder = TestFolder.Create("box");

        // An endpoint without the network's PIN key, and no counter that the chips have not used: the chips' file is put back.
        await using var system = await LiveSystem.StartWithModuleAsync(folder.Path, "Processor__Endpoints__0__PinKey=");
        var chips = Path.Combine(folder.Path, "chips");
        var (code, text) = await RunAsync("sim", "demo", "--brief", "--port", Text(system.Host.DualPort), "--chips", chips);
        File.Delete(chips);
        var (again, repeated) = await RunAsync("sim", "demo", "--brief", "--port", Text(system.Host.DualPort), "--chips", chips);

        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (code, again));
        Assert.Matches("FAIL +[0-9]+  right PIN at a cash machine +91 ", text);
        Assert.Matches("ok +[0-9]+  right cryptogram of a chip +00 ", text);
        Assert.Matches("FAIL +[0-9]+  right cryptogram of a chip +82 ", repeated);
    }

    [Fact]
    public async Task A_load_of_right_and_wrong_credentials_blocks_no_card_and_none_of_the_wrong_ones_is_approved()
    {
        using var folder = TestFolder.Create("box");
        await using var system = await LiveSystem.StartWithModuleAsync(folder.Path, "Processor__DemoLoadCards=20");
        var json = Path.Combine(folder.Path, "load.json");

        // Twice, so that the second meets what the first left of PIN tries.
        for (var time = 1; time <= 2; time++)
        {
            var (code, text) = await RunAsync(
                "load", "--port", Text(system.Host.DualPort), "--rate", "400", "--seconds", "1.5", "--connections", "2", "--card-count", "20",
                "--credentials", "700", "--entries", "chip=4,stripe=2,keyed=2,pin=4", "--wrong", "25", "--seed", Text(time), "--amounts", "1-2", "--json", json);

            Assert.True(code == ExitCode.Done, text);
            Assert.Matches("wrong +[0-9]+   had a wrong credential, 0 of them were approved", text);
            using var result = JsonDocument.Parse(await File.ReadAllTextAsync(json));
            var codes = result.RootElement.GetProperty("codes").EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetInt32());

            // 05 a CVV2, 55 a PIN, 82 a cryptogram, iCVV or CVV; nothing right is declined, and no PIN try is the last.
            Assert.Equal(["00", "05", "55", "82"], codes.Keys.Order());
            Assert.Equal(result.RootElement.GetProperty("wrong_answered").GetInt32(), codes["05"] + codes["55"] + codes["82"]);
            Assert.InRange(codes["55"], 5, 100);
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static async Task<(int Code, string Text)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var code = await CommandTree.RunAsync(arguments, output, output, TimeProvider.System);
        return (code, output.ToString());
    }
}
