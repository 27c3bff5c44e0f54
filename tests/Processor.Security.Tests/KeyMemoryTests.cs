using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Clear keys are in memory that the collector does not move, so that no copy stays behind, and they are zeros once nobody needs them.</summary>
public sealed class KeyMemoryTests : IDisposable
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
    private const string KeyFile = "keys";

    private static readonly KeyTemplate Template = new("key", KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("processor-memory-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_holds_a_clear_key_holds_it_pinned()
    {
        // A buffer of the usual kind is young and moves; a pinned one counts as old from the start.
        Assert.Equal(0, GC.GetGeneration(new byte[32]));

        foreach (var buffer in Holders().SelectMany(BuffersOf))
            Assert.Equal(GC.MaxGeneration, GC.GetGeneration(buffer));
    }

    [Fact]
    public void A_compacting_collection_moves_no_clear_key()
    {
        var buffers = new List<Array>();
        var garbage = new List<byte[]>();
        for (var count = 0; count < 100; count++)
        {
            buffers.AddRange(Holders().SelectMany(BuffersOf));
            garbage.Add(new byte[1_000]);
        }

        var before = buffers.ConvertAll(AddressOf);
        garbage.Clear();
        for (var count = 0; count < 3; count++)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);

        Assert.Equal(before, buffers.ConvertAll(AddressOf));
    }

    [Fact]
    public void Whoever_is_disposed_leaves_zeros()
    {
        foreach (var holder in Holders().OfType<IDisposable>())
        {
            var buffers = BuffersOf(holder).ToList();
            Assert.All(buffers, buffer => Assert.False(IsZero(buffer)));

            holder.Dispose();

            Assert.All(buffers, buffer => Assert.True(IsZero(buffer)));
        }
    }

    [Fact]
    public async Task A_module_that_is_disposed_leaves_zeros_of_every_key_that_it_ever_had()
    {
        var hsm = SoftwareHsm.InMemory(new());
        var buffers = new List<Array>();
        foreach (var algorithm in new[] { KeyAlgorithm.TripleDes, KeyAlgorithm.Aes })
        {
            for (var version = 0; version < 3; version++)
                await MakeAsync(hsm, Template with { Id = "key-" + algorithm, Algorithm = algorithm });
        }

        buffers.AddRange(EntriesOf(hsm).SelectMany(BuffersOf));
        Assert.Equal(6 + 3, buffers.Count(buffer => !IsZero(buffer)));

        hsm.Dispose();

        Assert.All(buffers, buffer => Assert.True(IsZero(buffer)));
    }

    [Fact]
    public async Task A_key_that_is_destroyed_is_zeros_at_once_and_the_others_stay()
    {
        using var hsm = SoftwareHsm.InMemory(new());
        await MakeAsync(hsm, Template);
        await MakeAsync(hsm, Template);
        var first = BuffersOf(Assert.Single(EntriesOf(hsm), entry => entry.Info.Key.Version == 1)).ToList();
        var second = BuffersOf(Assert.Single(EntriesOf(hsm), entry => entry.Info.Key.Version == 2)).ToList();

        // Retired, a key is used for nothing and can still be looked up; it is the destruction that clears it.
        await hsm.Keys.RetireKeyAsync(new("key", 1), default);
        Assert.All(first, buffer => Assert.False(IsZero(buffer)));
        Assert.Equal(HsmStatus.Ok, (await hsm.Keys.DestroyKeyAsync(new("key", 1), default)).Status);

        Assert.All(first, buffer => Assert.True(IsZero(buffer)));
        Assert.All(second, buffer => Assert.False(IsZero(buffer)));
    }

    [Fact]
    public async Task A_key_that_another_process_destroyed_is_zeros_when_its_file_is_followed()
    {
        using var master = HsmCards.Master();
        using var here = Open(master);
        using var there = Open(master);
        var made = await MakeAsync(here, Template);
        there.RefreshKeys();
        var buffers = EntriesOf(there).SelectMany(BuffersOf).ToList();
        await here.Keys.RetireKeyAsync(made, default);
        await here.Keys.DestroyKeyAsync(made, default);
        Assert.Equal(2, buffers.Count(buffer => !IsZero(buffer)));

        there.RefreshKeys();

        Assert.All(buffers, buffer => Assert.True(IsZero(buffer)));
    }

    [Fact]
    public async Task A_master_key_that_is_cleared_is_not_used_as_zeros()
    {
        var master = HsmCards.Master();
        using var hsm = Open(master);
        master.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await hsm.Keys.GenerateKeyAsync(Template, default));
        Assert.False(File.Exists(Path.Combine(folder.FullName, KeyFile)));
    }

    [Fact]
    public void A_component_is_read_into_pinned_memory_and_given_to_who_clears_it()
    {
        var path = Path.Combine(folder.FullName, "part");
        KeyComponentFile.Create(path, KeyAlgorithm.Aes, 256);

        var component = KeyComponentFile.Read(path, out var bytes);
        var generation = GC.GetGeneration(bytes);

        Assert.Equal((32, true, GC.MaxGeneration), (component.Bytes.Length, component.Bytes.SequenceEqual(bytes), generation));
        CryptographicOperations.ZeroMemory(bytes);
        Assert.True(IsZero(component.Bytes.ToArray()));
    }

    [Fact]
    public void A_vault_clears_the_data_keys_that_it_is_told_to_forget()
    {
        using var keys = VaultKeys.LoadOrCreate(Path.Combine(folder.FullName, "vault.json"));
        var vault = new PanVault(keys);
        var now = TimeProvider.System.GetUtcNow();
        WrappedDataKey[] wrapped = [vault.WrapNewDataKey(1, now), vault.WrapNewDataKey(2, now)];
        vault.UseDataKeys(wrapped, now);
        var buffers = BuffersOf(vault.GetType().GetField("ring", Fields)!.GetValue(vault)!).ToList();
        Assert.Equal(2, buffers.Count);

        vault.UseDataKeys([wrapped[1]], now);

        Assert.Single(buffers, IsZero);
        vault.UseDataKeys([], now);
        Assert.All(buffers, buffer => Assert.True(IsZero(buffer)));
    }

    /// <summary>One of each type that keeps a clear key, made a moment ago.</summary>
    private IEnumerable<object> Holders()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var info = new KeyInfo(new("key", 1), KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both, KeyExportability.NonExportable, KeyState.Active, 128, "123456");
        yield return new KeyEntry(info, key.AsSpan(0, 16));
        yield return HsmCards.Master();
        yield return VaultKeys.LoadOrCreate(Path.Combine(folder.FullName, "vault.json"));
        yield return ComponentLine.Read(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(key) + " 123456"))!;
    }

    /// <summary>Every array and every collection of arrays that the object has, whatever its fields are called.</summary>
    private static IEnumerable<Array> BuffersOf(object holder)
    {
        var found = new List<Array>();
        foreach (var value in holder.GetType().GetFields(Fields).Select(field => field.GetValue(holder)))
        {
            if (value is Array array)
                found.Add(array);
            else if (value is IDictionary map)
                found.AddRange(map.Values.OfType<Array>());
        }

        Assert.NotEmpty(found);
        return found;
    }

    private static KeyEntry[] EntriesOf(SoftwareHsm hsm) => ((KeyRing)typeof(SoftwareHsm).GetField("ring", Fields)!.GetValue(hsm)!).All;

    private static bool IsZero(Array buffer) => buffer switch
    {
        byte[] bytes => !bytes.AsSpan().ContainsAnyExcept((byte)0),
        TripleDesKey[] schedules => !MemoryMarshal.AsBytes(schedules.AsSpan()).ContainsAnyExcept((byte)0),
        _ => throw new ArgumentOutOfRangeException(nameof(buffer), buffer.GetType().Name, "What is this array of?"),
    };

    private static nint AddressOf(Array buffer) => buffer switch
    {
        byte[] bytes => Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0),
        TripleDesKey[] schedules => Marshal.UnsafeAddrOfPinnedArrayElement(schedules, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(buffer), buffer.GetType().Name, "What is this array of?"),
    };

    private static async Task<KeyRef> MakeAsync(SoftwareHsm hsm, KeyTemplate template)
    {
        var made = await hsm.Keys.GenerateKeyAsync(template, default);
        Assert.Equal(HsmStatus.Ok, made.Status);
        await hsm.Keys.ActivateKeyAsync(made.Key!.Key, default);
        return made.Key.Key;
    }

    private SoftwareHsm Open(MasterKey master) => SoftwareHsm.Open(Path.Combine(folder.FullName, KeyFile), master, new(), TimeProvider.System);
}
