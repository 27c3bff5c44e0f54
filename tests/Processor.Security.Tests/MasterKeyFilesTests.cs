using Xunit;

namespace Processor.Security.Tests;

/// <summary>Master keys as the files of their custodians.</summary>
public sealed class MasterKeyFilesTests : IDisposable
{
    // 32 bytes each, of one byte again and again.
    private static readonly string Ones = string.Concat(Enumerable.Repeat("11", MasterKey.Length));
    private static readonly string Twos = string.Concat(Enumerable.Repeat("22", MasterKey.Length));

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("processor-master-");

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_random_key_is_read_again_and_made_once(int count)
    {
        string[] paths = [.. Enumerable.Range(1, count).Select(number => PathOf($"part-{number}"))];

        var isMade = MasterKeyFiles.TryCreate(paths);
        var texts = paths.Select(File.ReadAllText).ToList();
        var isMadeAgain = MasterKeyFiles.TryCreate(paths);

        Assert.Equal((true, false), (isMade, isMadeAgain));
        Assert.Equal(texts, paths.Select(File.ReadAllText));
        Assert.Single(texts.Select(text => text.Split(' ')[2]).Distinct());
        Assert.All(paths, AssertOwnerOnly);

        // Both readings open what the other has kept.
        var store = PathOf("keys");
        KeyInfo made;
        using (var first = MasterKeyFiles.Read(paths))
        using (var module = SoftwareHsm.Open(store, first, new(), TimeProvider.System))
            made = (await module.Keys.GenerateKeyAsync(new("key", KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both), default)).Key!;
        using (var second = MasterKeyFiles.Read([.. paths.Reverse()]))
        using (var module = SoftwareHsm.Open(store, second, new(), TimeProvider.System))
            Assert.Equal([made], await module.Keys.ListKeysAsync(default));
    }

    [Fact]
    public async Task Of_many_that_make_a_key_at_once_one_does_and_all_read_it()
    {
        for (var round = 0; round < 20; round++)
        {
            string[] paths = [PathOf($"{round}-a"), PathOf($"{round}-b")];
            using var start = new Barrier(4);

            var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    var isMade = MasterKeyFiles.TryCreate(paths);
                    using var key = MasterKeyFiles.Read(paths);
                    return (isMade, Value: KeyCheckValue.Text(KeyAlgorithm.Aes, key.Bytes));
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Single(outcomes, outcome => outcome.isMade);
            Assert.Single(outcomes.Select(outcome => outcome.Value).Distinct());
        }
    }

    [Fact]
    public void A_key_is_made_of_what_each_custodian_made_alone()
    {
        var (first, second) = (PathOf("first"), PathOf("second"));
        KeyComponentFile.Create(first, KeyAlgorithm.Aes, 256);
        KeyComponentFile.Enter(second, KeyAlgorithm.Aes, Twos, CheckValueOf(Twos));
        Refused(() => MasterKeyFiles.Read([first, second]), "was not made of it yet");

        var value = MasterKeyFiles.Complete([first, second]);
        var again = MasterKeyFiles.Complete([second, first]);

        Assert.Equal(value, again);
        using var key = MasterKeyFiles.Read([first, second]);
        Assert.Equal(value, KeyCheckValue.Text(KeyAlgorithm.Aes, key.Bytes));
        Assert.All([first, second], AssertOwnerOnly);
    }

    [Fact]
    public void What_a_custodian_enters_is_held_to_its_check_value_and_never_written_over()
    {
        var path = PathOf("part");

        Refused(() => KeyComponentFile.Enter(path, KeyAlgorithm.Aes, Ones, CheckValueOf(Twos)), "check value");
        Refused(() => KeyComponentFile.Enter(path, KeyAlgorithm.Aes, Ones.AsSpan(0, 30), CheckValueOf(Ones)), "32, 48 or 64");
        Refused(() => KeyComponentFile.Enter(path, KeyAlgorithm.Aes, Ones[..63] + "G", CheckValueOf(Ones)), "nothing but");
        Assert.False(File.Exists(path));
        KeyComponentFile.Enter(path, KeyAlgorithm.Aes, Ones, CheckValueOf(Ones)[..4]);
        Refused(() => KeyComponentFile.Create(path, KeyAlgorithm.Aes, 256), "already");
    }

    [Fact]
    public void Components_that_do_not_belong_together_are_refused()
    {
        string[] paths = [PathOf("a"), PathOf("b")], others = [PathOf("c"), PathOf("d")];
        MasterKeyFiles.TryCreate(paths);
        MasterKeyFiles.TryCreate(others);

        Refused(() => MasterKeyFiles.Read([paths[0], others[1]]), "another key");
        Refused(() => MasterKeyFiles.Complete([paths[0], others[1]]), "another key");
        Refused(() => MasterKeyFiles.Complete([paths[0], paths[0]]), "same");
        Refused(() => MasterKeyFiles.Read([paths[0]]), "no master key");
        Refused(() => MasterKeyFiles.Complete([paths[0]]), "two or three");
        Refused(() => MasterKeyFiles.Read([paths[0], PathOf("none")]), "not there");
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        string[] paths = [PathOf("a"), PathOf("b")];
        MasterKeyFiles.TryCreate(paths);
        var words = File.ReadAllText(paths[0]).Trim().Split(' ');
        var flipped = (words[0][0] == '0' ? '1' : '0') + words[0][1..];

        foreach (var (line, reason) in new[]
        {
            ("", "no component"),
            (words[0], "no component"),
            ($"{words[0][..62]} {words[1]} {words[2]}", "no component"),
            ($"{words[0]} {words[1]} {words[2]} {words[2]}", "no component"),
            ($"{flipped} {words[1]} {words[2]}", "KcvMismatch"),
            ($"{words[0]} 000 {words[2]}", "KcvMismatch"),
            (new string('0', 5000), "not there"),
        })
        {
            File.WriteAllText(paths[0], line);
            Refused(() => MasterKeyFiles.Read(paths), reason);
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static void Refused(Action act, string reason)
    {
        var refusal = Assert.Throws<KeyFileException>(act);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotMatch("[0-9A-F]{16}", refusal.Message);
    }

    private static void AssertOwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(KeyFiles.OwnerOnly, File.GetUnixFileMode(path));
    }

    private static string CheckValueOf(string digits) => KeyCheckValue.Text(KeyAlgorithm.Aes, Convert.FromHexString(digits));

    private string PathOf(string name) => Path.Combine(folder.FullName, name);
}
