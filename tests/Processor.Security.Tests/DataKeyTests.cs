using System.Security.Cryptography;
using Processor.Cards;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>PANs are under data keys, data keys under the key file, and both can be changed.</summary>
public sealed class DataKeyTests : IDisposable
{
    private static readonly Ulid Card = new(7);
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("processor-data-keys-");
    private readonly VaultKeys keys;
    private readonly PanVault vault;

    public DataKeyTests()
    {
        keys = VaultKeys.LoadOrCreate(KeyFile);
        vault = new PanVault(keys);
    }

    private string KeyFile => Path.Combine(folder.FullName, "vault.json");

    [Fact]
    public void The_newest_data_key_whose_time_has_come_encrypts_and_all_of_them_decrypt()
    {
        var first = vault.WrapNewDataKey(1, Now);
        var second = vault.WrapNewDataKey(2, Now.AddMinutes(1));

        vault.UseDataKeys([first, second], Now);
        var early = vault.Encrypt(DemoCards.Poor, Card);
        vault.UseDataKeys([first, second], Now.AddMinutes(1));
        var later = vault.Encrypt(DemoCards.Poor, Card);

        Assert.Equal([0, 0, 1], early[..3]);
        Assert.Equal([0, 0, 2], later[..3]);
        Assert.Equal(vault.CurrentPrefix, later[..3]);
        Assert.Equal(DemoCards.Poor, vault.Decrypt(early, Card));
        Assert.Equal(DemoCards.Poor, vault.Decrypt(later, Card));
    }

    [Fact]
    public void What_the_key_file_encrypted_by_itself_is_still_read()
    {
        var old = vault.Encrypt(DemoCards.Poor, Card);

        vault.UseDataKeys([vault.WrapNewDataKey(1, Now)], Now);

        Assert.Equal(DemoCards.Poor, vault.Decrypt(old, Card));
        Assert.NotEqual(vault.CurrentPrefix, old[..3]);
    }

    [Fact]
    public void Another_host_with_the_same_key_file_reads_it_and_one_with_another_does_not()
    {
        var key = vault.WrapNewDataKey(1, Now);
        vault.UseDataKeys([key], Now);
        var cipher = vault.Encrypt(DemoCards.Poor, Card);

        using var same = VaultKeys.LoadOrCreate(KeyFile);
        var twin = new PanVault(same);
        twin.UseDataKeys([key], Now);
        using var other = VaultKeys.LoadOrCreate(Path.Combine(folder.FullName, "other.json"));

        Assert.Equal(DemoCards.Poor, twin.Decrypt(cipher, Card));
        Assert.ThrowsAny<CryptographicException>(() => new PanVault(other).UseDataKeys([key], Now));
    }

    [Fact]
    public void No_byte_of_a_pan_or_of_a_data_key_can_be_changed_or_cut_off_unnoticed()
    {
        var key = vault.WrapNewDataKey(1, Now);
        vault.UseDataKeys([key, vault.WrapNewDataKey(257, Now.AddYears(1))], Now);
        var cipher = vault.Encrypt(DemoCards.Poor, Card);

        for (var index = 0; index < cipher.Length; index++)
        {
            Assert.ThrowsAny<CryptographicException>(() => vault.Decrypt(Changed(cipher, index), Card));
            Assert.ThrowsAny<CryptographicException>(() => vault.Decrypt(cipher.AsSpan(0, index), Card));
        }

        for (var index = 0; index < key.Wrapped.Length; index++)
        {
            Assert.ThrowsAny<CryptographicException>(() => vault.RewrapDataKey(key with { Wrapped = Changed(key.Wrapped, index) }));
            Assert.ThrowsAny<CryptographicException>(() => vault.RewrapDataKey(key with { Wrapped = key.Wrapped[..index] }));
        }
    }

    [Fact]
    public void Neither_a_pan_moves_to_another_card_nor_a_data_key_to_another_version()
    {
        var key = vault.WrapNewDataKey(1, Now);
        vault.UseDataKeys([key], Now);
        var cipher = vault.Encrypt(DemoCards.Poor, Card);

        Assert.ThrowsAny<CryptographicException>(() => vault.Decrypt(cipher, new Ulid(8)));
        Assert.ThrowsAny<CryptographicException>(() => vault.RewrapDataKey(key with { Version = 2 }));
    }

    [Fact]
    public void A_data_key_that_was_wrapped_again_is_the_same_key()
    {
        var key = vault.WrapNewDataKey(1, Now);
        vault.UseDataKeys([key], Now);
        var cipher = vault.Encrypt(DemoCards.Poor, Card);
        VaultKeys.AddVersion(KeyFile);
        Assert.True(keys.Refresh(KeyFile));

        var again = vault.RewrapDataKey(key);

        Assert.Equal((1, 2), (key.MasterVersion, again.MasterVersion));
        var twin = new PanVault(keys);
        twin.UseDataKeys([again], Now);
        Assert.Equal(DemoCards.Poor, twin.Decrypt(cipher, Card));
        Assert.False(keys.Refresh(KeyFile));
    }

    [Fact]
    public void A_new_version_of_the_key_file_keeps_the_old_ones_and_the_hash_key()
    {
        var hash = vault.Hash(DemoCards.Poor);
        var old = vault.Encrypt(DemoCards.Poor, Card);

        VaultKeys.AddVersion(KeyFile);

        using var newer = VaultKeys.LoadOrCreate(KeyFile);
        Assert.Equal(2, newer.CurrentVersion);
        Assert.Equal(hash, new PanVault(newer).Hash(DemoCards.Poor));
        Assert.Equal(DemoCards.Poor, new PanVault(newer).Decrypt(old, Card));
        Assert.Equal([KeyFile], Directory.GetFiles(folder.FullName));
    }

    public void Dispose()
    {
        keys.Dispose();
        folder.Delete(recursive: true);
    }

    private static byte[] Changed(byte[] bytes, int index)
    {
        var changed = (byte[])bytes.Clone();
        changed[index] ^= 1;
        return changed;
    }
}
