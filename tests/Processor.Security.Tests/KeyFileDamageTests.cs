using System.Text;
using Processor.Testing;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Files of keys at every truncation and under seeded damage: what they held, or a <see cref="KeyFileException"/> that tells no key.</summary>
public sealed class KeyFileDamageTests : IDisposable
{
    private const int Seed = 20261121;

    // As much of a secret as nobody may see in a message: 6 bytes in hexadecimal digits, 9 in base 64.
    private const int TellingLength = 12;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("processor-damage-");
    private readonly MasterKey master = HsmCards.Master();

    public void Dispose()
    {
        master.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_damaged_file_of_the_modules_keys_never_opens()
    {
        var path = PathOf("keys");
        var whole = await StoreAsync(path);
        var rounds = Math.Min(Mutations.Count(300), 20_000);
        Seeds.Run(Seed, random =>
        {
            // Without its last character, the end of a line, it is whole.
            for (var length = 0; length < whole.Length - 1; length++)
                Refused(whole[..length]);
            for (var round = 0; round < rounds; round++)
            {
                var damaged = Damaged(random, whole);
                if (!IsSame(damaged, whole))
                    Refused(damaged);
            }
        });

        void Refused(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            Tells(bytes, Assert.Throws<KeyFileException>(() => Open(path)));
        }
    }

    // Whoever has the master key could write such a file; a mistake of ours could too.
    [Fact]
    public async Task Lines_that_are_none_are_refused_under_the_right_code_too()
    {
        var path = PathOf("keys");
        await StoreAsync(path);
        var text = await File.ReadAllTextAsync(path);
        string[] lines = text[..text.LastIndexOf("mac ", StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var words = lines[1].Split(' ');
        var code = new KeyStoreFile(path, master, TimeProvider.System);
        var rounds = Mutations.Count(1_500);

        await WriteAsync(lines);
        Open(path).Dispose();
        string[][] bad =
        [
            [lines[0], lines[1], lines[1]],
            [lines[0], lines[1], $"{words[0]} 7 {words[2]} {words[3]}"],
            [lines[0], $"{words[0]} 0 {words[2]} {words[3]}"],
            [lines[0], $"{words[0]} 65536 {words[2]} {words[3]}"],
            [lines[0], $"{words[0]} 1 Lost {words[3]}"],
            [lines[0], $"{words[0]} 1 0 {words[3]}"],
            [lines[0], $"{words[0]} 1 77 {words[3]}"],
            [lines[0], $"a/b 1 {words[2]} {words[3]}"],
            [lines[0], $"{words[0]} 1 {words[2]}"],
            [lines[0], $"{words[0]} 1 {words[2]} {words[3]} more"],
            [lines[0], $"{words[0]} 1 {words[2]} D0144"],
            ["revision", lines[1]],
            ["revision x", lines[1]],
            ["revision 99999999999999999999", lines[1]],
        ];
        foreach (var some in bad)
        {
            await WriteAsync(some);
            Tells(Encoding.ASCII.GetBytes(string.Join('\n', some)), Assert.Throws<KeyFileException>(() => Open(path)));
        }

        await Seeds.RunAsync(Seed, async random =>
        {
            for (var round = 0; round < rounds; round++)
            {
                var damaged = Damaged(random, Encoding.ASCII.GetBytes(string.Join('\n', lines)));
                await WriteAsync(Encoding.ASCII.GetString(damaged).Split('\n', StringSplitOptions.RemoveEmptyEntries));
                var problem = Record.Exception(() => Open(path).Dispose());
                if (problem is not null)
                    Tells(damaged, Assert.IsType<KeyFileException>(problem));
            }
        });

        async Task WriteAsync(string[] some)
        {
            var whole = string.Concat(some.Select(line => line + "\n"));
            await File.WriteAllTextAsync(path, whole + "mac " + Convert.ToHexString(code.Code(whole)) + "\n", Encoding.ASCII);
        }
    }

    [Fact]
    public void A_damaged_component_is_refused_or_gives_the_same_key()
    {
        string[] paths = [PathOf("a"), PathOf("b")];
        MasterKeyFiles.TryCreate(paths);
        var whole = File.ReadAllBytes(paths[0]);
        string value;
        using (var key = MasterKeyFiles.Read(paths))
            value = KeyCheckValue.Text(KeyAlgorithm.Aes, key.Bytes);
        var rounds = Math.Min(Mutations.Count(1_000), 20_000);
        Seeds.Run(Seed, random =>
        {
            for (var length = 0; length < whole.Length - 1; length++)
                Assert.False(IsTaken(whole[..length]));
            for (var round = 0; round < rounds; round++)
                IsTaken(Damaged(random, whole));
        });

        bool IsTaken(byte[] bytes)
        {
            File.WriteAllBytes(paths[0], bytes);
            try
            {
                using var key = MasterKeyFiles.Read(paths);
                Assert.Equal(value, KeyCheckValue.Text(KeyAlgorithm.Aes, key.Bytes));
                return true;
            }
            catch (KeyFileException refusal)
            {
                Tells(bytes, refusal);
                Tells(whole, refusal);
                return false;
            }
        }
    }

    [Fact]
    public void A_damaged_component_makes_no_master_key()
    {
        string[] paths = [PathOf("a"), PathOf("b")];
        foreach (var path in paths)
            KeyComponentFile.Create(path, KeyAlgorithm.Aes, 256);
        var whole = File.ReadAllBytes(paths[0]);
        var other = File.ReadAllBytes(paths[1]);
        var rounds = Math.Min(Mutations.Count(1_000), 20_000);
        Seeds.Run(Seed, random =>
        {
            // A check value of four digits is enough, so what is cut behind them is not needed.
            for (var length = 0; length < (2 * MasterKey.Length) + 1 + 4; length++)
                Refused(whole[..length]);
            for (var round = 0; round < rounds; round++)
            {
                var damaged = Damaged(random, whole);
                if (!damaged.AsSpan(0, 2 * MasterKey.Length).SequenceEqual(whole.AsSpan(0, 2 * MasterKey.Length)) && !IsSame(damaged, whole))
                    Refused(damaged);
            }
        });

        void Refused(byte[] bytes)
        {
            File.WriteAllBytes(paths[0], bytes);
            Tells(bytes, Assert.Throws<KeyFileException>(() => MasterKeyFiles.Complete(paths)));
            Assert.Equal(other, File.ReadAllBytes(paths[1]));
        }
    }

    [Fact]
    public void A_damaged_file_of_the_vaults_keys_is_refused_or_read_and_never_written_over()
    {
        var path = PathOf("vault.json");
        VaultKeys.LoadOrCreate(path).Dispose();
        VaultKeys.AddVersion(path);
        var whole = File.ReadAllBytes(path);
        var end = Array.LastIndexOf(whole, (byte)'}');
        var rounds = Math.Min(Mutations.Count(2_000), 20_000);
        Seeds.Run(Seed, random =>
        {
            for (var length = 0; length <= end; length++)
                Assert.True(IsRefused(whole[..length]));
            for (var round = 0; round < rounds; round++)
                IsRefused(Damaged(random, whole));
        });

        bool IsRefused(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            var problem = Record.Exception(() => VaultKeys.LoadOrCreate(path).Dispose());
            Assert.Equal(bytes, File.ReadAllBytes(path));
            if (problem is null)
                return false;
            Tells(bytes, Assert.IsType<KeyFileException>(problem));
            Tells(whole, (KeyFileException)problem);
            return true;
        }
    }

    /// <summary>Nothing as long as part of a key is both in the file and in the refusal, but for the file's own name and our words.</summary>
    private void Tells(byte[] file, KeyFileException refusal)
    {
        var text = Encoding.Latin1.GetString(file);
        var said = refusal.ToString().Replace(folder.FullName, "", StringComparison.Ordinal);
        for (var at = 0; at + TellingLength <= text.Length; at++)
        {
            var part = text.Substring(at, TellingLength);
            if (part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '/' or '='))
                Assert.DoesNotContain(part, said, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static byte[] Damaged(Random random, byte[] bytes)
    {
        var damaged = (byte[])bytes.Clone();
        for (var count = random.Next(1, 5); count > 0; count--)
            damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : bytes[random.Next(bytes.Length)];
        return damaged;
    }

    // Hexadecimal digits may be small letters, and what is blank at the end is not needed.
    private static bool IsSame(byte[] left, byte[] right) => Encoding.Latin1.GetString(left).TrimEnd().Equals(Encoding.Latin1.GetString(right).TrimEnd(), StringComparison.OrdinalIgnoreCase);

    private async Task<byte[]> StoreAsync(string path)
    {
        using (var hsm = Open(path))
        {
            for (var count = 0; count < 3; count++)
                await hsm.Keys.GenerateKeyAsync(new("key", KeyUsage.CardVerification, KeyAlgorithm.TripleDes, KeyMode.GenerateAndVerify), default);
            await hsm.Keys.ActivateKeyAsync(new("key", 1), default);
            await hsm.Keys.DestroyKeyAsync(new("key", 3), default);
        }

        return await File.ReadAllBytesAsync(path);
    }

    private SoftwareHsm Open(string path) => SoftwareHsm.Open(path, master, new(), TimeProvider.System);

    private string PathOf(string name) => Path.Combine(folder.FullName, name);
}
