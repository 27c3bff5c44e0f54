using System.Globalization;
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

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static async Task<(int Code, string Text)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var code = await CommandTree.RunAsync(arguments, output, output, TimeProvider.System);
        return (code, output.ToString());
    }
}
