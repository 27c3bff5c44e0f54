using System.Globalization;
using System.Text.RegularExpressions;
using Processor.Cli.Commands;

namespace Processor.Cli.Tests;

/// <summary>Officers and custodians at the command line.</summary>
public sealed class KeyCeremonyTests : IDisposable
{
    private const string Entered = "404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F";

    // The first bytes of AES-CMAC of a block of zeros under it.
    private const string EnteredValue = "7CF7A49CFF";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("processor-ceremony-");
    private readonly StringWriter output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter error = new(CultureInfo.InvariantCulture);
    private readonly Typist typist = new();

    [Fact]
    public async Task A_key_goes_from_components_to_another_module_and_is_the_same_there()
    {
        // Here: a custodian who lets a component be made, one who has it on paper, and one more of each for the zone master key.
        await DoneAsync("component", PathOf("a1"));
        typist.Types(Entered, EnteredValue);
        var check = LastValue(await DoneAsync("component", PathOf("paper"), "--enter"));
        await DoneAsync("component", PathOf("a3"));
        var whole = LastValue(await DoneAsync("master", PathOf("a1"), PathOf("paper"), PathOf("a3")));
        foreach (var zone in new[] { "z1", "z2" })
            await DoneAsync("component", PathOf(zone), "--bits", "256");
        string[] here = ["--keys", PathOf("here"), "--component", PathOf("a1"), "--component", PathOf("paper"), "--component", PathOf("a3")];
        var zoneHere = LastValue(await DoneAsync(["join", "zmk", PathOf("z1"), PathOf("z2"), "--usage", "K0", "--algorithm", "aes", .. here]));
        await DoneAsync(["activate", "zmk@1", .. here]);
        var made = LastValue(await DoneAsync(["generate", "zpk", "--usage", "pin-encryption", "--exportable", .. here]));
        await DoneAsync(["activate", "zpk@1", .. here]);
        var block = await DoneAsync(["export", "zpk", "--under", "zmk", .. here]);

        // There: another master key, the same zone master key, and the block.
        await DoneAsync("component", PathOf("b1"));
        await DoneAsync("component", PathOf("b2"));
        await DoneAsync("master", PathOf("b1"), PathOf("b2"));
        string[] there = ["--keys", PathOf("there"), "--component", PathOf("b1"), "--component", PathOf("b2")];
        var zoneThere = LastValue(await DoneAsync(["join", "zmk", PathOf("z2"), PathOf("z1"), "--check-value", zoneHere, "--usage", "K0", "--algorithm", "aes", .. there]));
        await DoneAsync(["activate", "zmk@1", .. there]);
        await File.WriteAllTextAsync(PathOf("block"), block);
        var taken = LastValue(await DoneAsync(["import", "link", PathOf("block"), "--under", "zmk", "--check-value", made, .. there]));
        await DoneAsync(["activate", "link@1", .. there]);

        Assert.Equal((made, zoneHere), (taken, zoneThere));
        Assert.Equal((10, EnteredValue), (whole.Length, check));
        Assert.Equal(
            $"link@1  P0 PinEncryption  tdes-128  mode B  export E  Active  check value {made}\nzmk@1  K0 KeyEncryption  aes-256  mode B  export N  Active  check value {zoneHere}\n",
            await DoneAsync(["list", .. there]));
        ShowsNoSecret();
    }

    [Fact]
    public async Task A_new_version_follows_and_the_one_before_goes()
    {
        var store = await StoreAsync();
        await DoneAsync(["generate", "cvk", "--usage", "C0", .. store]);
        await DoneAsync(["activate", "cvk@1", .. store]);
        await DoneAsync(["generate", "cvk", "--usage", "C0", .. store]);

        await DoneAsync(["activate", "cvk@2", .. store]);
        await DoneAsync(["retire", "cvk@1", .. store]);
        await DoneAsync(["destroy", "cvk@1", .. store]);

        Assert.Equal(["Destroyed", "Active"], Regex.Matches(await DoneAsync(["list", .. store]), "Destroyed|Active").Select(match => match.Value));
    }

    [Fact]
    public async Task What_the_module_refuses_is_told_and_changes_nothing()
    {
        var store = await StoreAsync();
        await DoneAsync(["generate", "cvk", "--usage", "C0", .. store]);
        await DoneAsync(["generate", "zmk", "--usage", "K0", "--algorithm", "aes", .. store]);
        await DoneAsync(["activate", "zmk@1", .. store]);
        var before = await File.ReadAllBytesAsync(PathOf("keys"));

        await RefusedAsync("PolicyDenied", ["export", "cvk@1", "--under", "zmk", .. store]);
        await RefusedAsync("KeyNotFound", ["activate", "cvk@7", .. store]);
        await RefusedAsync("KeyNotFound", ["retire", "cvk", .. store]);
        await RefusedAsync("KeyInactive", ["destroy", "zmk@1", .. store]);
        await RefusedAsync("InvalidInput", ["generate", "no name", "--usage", "C0", .. store]);
        await RefusedAsync("InvalidInput", ["generate", "cvk", "--usage", "C0", "--algorithm", "aes", .. store]);
        await File.WriteAllTextAsync(PathOf("block"), "D0112 not a block");
        await RefusedAsync("InvalidInput", ["import", "x", PathOf("block"), "--under", "zmk", .. store]);

        Assert.Equal(before, await File.ReadAllBytesAsync(PathOf("keys")));
    }

    // A block of version A under a key of two parts, from specs/crypto: PUB-tr31.wrap-009.
    [Fact]
    public async Task A_block_of_an_old_version_is_taken_only_when_asked_for()
    {
        var store = await StoreAsync();
        typist.Types("5D5D5D5D5D5D5D5D5D5D5D5D5D5D5D5D", "CB7D0F", "D4B5D1AACE4919AE69E0281AA1626551", "4A7570");
        foreach (var zone in new[] { "z1", "z2" })
            await DoneAsync("component", PathOf(zone), "--enter", "--algorithm", "tdes", "--bits", "128");
        await DoneAsync(["join", "zmk", PathOf("z1"), PathOf("z2"), "--usage", "K1", "--algorithm", "tdes", "--check-value", "D1D812", .. store]);
        await DoneAsync(["activate", "zmk@1", .. store]);
        await File.WriteAllTextAsync(PathOf("block"), "A0072P0TE00E0000F5161ED902807AF26F1D62263644BD24192FDB3193C730301CEE8701\n");
        string[] import = ["import", "zpk", PathOf("block"), "--under", "zmk", "--check-value", "CB9DEA", .. store];

        await RefusedAsync("PolicyDenied", import);
        Assert.Equal("CB9DEA", LastValue(await DoneAsync([.. import, "--old-versions"])));
        ShowsNoSecret();
    }

    [Fact]
    public async Task Wrong_words_and_files_are_told_as_such()
    {
        var store = await StoreAsync();

        Assert.Equal(ExitCode.Usage, await RunAsync(["generate", "cvk", "--usage", "Z9", .. store]));
        Assert.Contains("P0 PinEncryption", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await RunAsync(["activate", "cvk@0", .. store]));
        Assert.Equal(ExitCode.Usage, await RunAsync(["component", PathOf("c1")]));
        Assert.Equal(ExitCode.Usage, await RunAsync(["list", "--keys", PathOf("keys"), "--component", PathOf("c1"), "--component", PathOf("none")]));
        Assert.Equal(ExitCode.Usage, await RunAsync(["master", PathOf("c1")]));
        typist.Types(Entered, "0000");
        Assert.Equal(ExitCode.Usage, await RunAsync(["component", PathOf("paper"), "--enter"]));
        Assert.False(File.Exists(PathOf("paper")));
        ShowsNoSecret();
    }

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
        folder.Delete(recursive: true);
    }

    private static string LastValue(string line) => line.Trim().Split(' ')[^1];

    private async Task<string[]> StoreAsync()
    {
        await DoneAsync("component", PathOf("c1"));
        await DoneAsync("component", PathOf("c2"));
        await DoneAsync("master", PathOf("c1"), PathOf("c2"));
        return ["--keys", PathOf("keys"), "--component", PathOf("c1"), "--component", PathOf("c2")];
    }

    private async Task<string> DoneAsync(params string[] args)
    {
        var before = output.GetStringBuilder().Length;
        var code = await RunAsync(args);
        Assert.True(code == ExitCode.Done, $"{args[0]}: {code} {error}");
        return output.ToString()[before..];
    }

    private async Task RefusedAsync(string status, string[] args)
    {
        error.GetStringBuilder().Clear();
        Assert.Equal((ExitCode.Failed, $"Refused: {status}. Nothing was changed.\n"), (await RunAsync(args), error.ToString()));
    }

    private Task<int> RunAsync(params string[] args) => CommandTree.RunAsync(["hsm", .. args], output, error, TimeProvider.System, typist);

    // Components are 32 digits and more; check values 10 at most. An exported block is the one long thing that may be shown.
    private void ShowsNoSecret()
    {
        foreach (var file in folder.GetFiles().Where(file => file.Extension.Length == 0 && file.Name is not ("here" or "there" or "keys" or "block")))
        {
            var component = File.ReadAllText(file.FullName).Split(' ')[0];
            Assert.DoesNotContain(component, output.ToString() + error, StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain(Entered, output.ToString() + error, StringComparison.OrdinalIgnoreCase);
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>A person at the keyboard.</summary>
    private sealed class Typist() : SecretPrompt(TextWriter.Null)
    {
        private readonly Queue<string> lines = [];

        public override char[] Ask(string question) => lines.Dequeue().ToCharArray();

        internal void Types(params string[] next) => Array.ForEach(next, lines.Enqueue);
    }
}
