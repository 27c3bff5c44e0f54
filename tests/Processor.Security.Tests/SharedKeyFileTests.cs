using System.Globalization;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Modules that share one file of keys, as hosts and officers do.</summary>
public sealed class SharedKeyFileTests : IDisposable
{
    private static readonly KeyTemplate Any = new("any", KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both, KeyExportability.Exportable);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("processor-shared-keys-");
    private readonly MasterKey master = HsmCards.Master();
    private readonly List<SoftwareHsm> modules = [];

    private string FilePath => Path.Combine(folder.FullName, "keys");

    [Fact]
    public async Task Many_modules_that_make_keys_at_once_lose_none()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
        {
            using var module = SoftwareHsm.Open(FilePath, master, new(), TimeProvider.System);
            var mine = new List<KeyInfo>();
            for (var index = 0; index < 10; index++)
                mine.Add(Ok(await module.Keys.GenerateKeyAsync(Any with { Id = index % 2 == 0 ? "shared" : string.Create(CultureInfo.InvariantCulture, $"own-{number}") }, default)));
            return mine;
        })));

        var kept = await Open().Keys.ListKeysAsync(default);

        Assert.Equal(made.SelectMany(mine => mine).OrderBy(info => info.Key.Id, StringComparer.Ordinal).ThenBy(info => info.Key.Version), kept);
        Assert.Equal(Enumerable.Range(1, 20), kept.Where(info => info.Key.Id == "shared").Select(info => (int)info.Key.Version));
    }

    [Fact]
    public async Task A_module_follows_what_another_does()
    {
        var (here, there) = (Open(), Open());
        var first = Ok(await here.Keys.GenerateKeyAsync(Any, default));
        Ok(await here.Keys.ActivateKeyAsync(first.Key, default));
        Assert.True(there.RefreshKeys());
        var second = Ok(await there.Keys.GenerateKeyAsync(Any, default));
        Ok(await there.Keys.ActivateKeyAsync(second.Key, default));

        var isNew = here.RefreshKeys();

        Assert.True(isNew);
        Assert.False(here.RefreshKeys());
        Assert.Equal((2, second.CheckValue), (second.Key.Version, Ok(await here.Keys.GetKeyAsync(new("any"), default)).CheckValue));
        Assert.Equal(KeyState.Retiring, Ok(await here.Keys.GetKeyAsync(first.Key, default)).State);
    }

    [Fact]
    public async Task A_key_that_is_not_known_here_is_looked_for_in_the_file()
    {
        var clock = new StepClock();
        var here = Open(clock);
        var there = Open();
        var key = Ok(await there.Keys.GenerateKeyAsync(new("mac", KeyUsage.Iso9797Mac3, KeyAlgorithm.TripleDes, KeyMode.GenerateAndVerify), default));
        Ok(await there.Keys.ActivateKeyAsync(key.Key, default));
        var request = new MacRequest { Key = new("mac"), Algorithm = MacAlgorithm.Iso9797Alg3, Padding = MacPadding.Method1, Data = "message"u8.ToArray() };
        var code = new byte[8];
        Assert.Equal(HsmStatus.Ok, await there.GenerateMacAsync(request, code, default));

        var tooSoon = await here.VerifyMacAsync(request, code, default);
        clock.Step(TimeSpan.FromMilliseconds(100));
        var found = await here.VerifyMacAsync(request, code, default);

        Assert.Equal((HsmStatus.KeyNotFound, HsmStatus.Ok), (tooSoon, found));
    }

    [Fact]
    public async Task A_code_under_a_key_that_another_host_took_is_right_at_once()
    {
        var clock = new StepClock();
        var here = Open(clock);
        var there = Open();
        var template = new KeyTemplate("mac", KeyUsage.Iso9797Mac3, KeyAlgorithm.TripleDes, KeyMode.GenerateAndVerify);
        var request = new MacRequest { Key = new("mac"), Algorithm = MacAlgorithm.Iso9797Alg3, Padding = MacPadding.Method1, Data = "message"u8.ToArray() };
        var (before, after) = (new byte[8], new byte[8]);
        Ok(await there.Keys.ActivateKeyAsync(Ok(await there.Keys.GenerateKeyAsync(template, default)).Key, default));
        await there.GenerateMacAsync(request, before, default);
        here.RefreshKeys();
        Ok(await there.Keys.ActivateKeyAsync(Ok(await there.Keys.GenerateKeyAsync(template, default)).Key, default));
        await there.GenerateMacAsync(request, after, default);

        clock.Step(TimeSpan.FromMilliseconds(100));

        Assert.Equal((HsmStatus.Ok, HsmStatus.Ok), (await here.VerifyMacAsync(request, after, default), await here.VerifyMacAsync(request, before, default)));
    }

    [Fact]
    public async Task The_same_key_taken_by_two_hosts_keeps_the_one_before_it_for_what_is_in_flight()
    {
        var (here, there) = (Open(), Open());
        var first = Ok(await here.Keys.GenerateKeyAsync(Any, default));
        Ok(await here.Keys.ActivateKeyAsync(first.Key, default));
        var outer = Ok(await here.Keys.GenerateKeyAsync(new("zmk", KeyUsage.KeyEncryption, KeyAlgorithm.Aes, KeyMode.Both, Bits: 256), default));
        Ok(await here.Keys.ActivateKeyAsync(outer.Key, default));
        var sent = Ok(await here.Keys.GenerateKeyAsync(Any with { Id = "sent" }, default));
        var block = await here.Keys.ExportKeyAsync(sent.Key, new("zmk"), default);
        there.RefreshKeys();

        // Both have seen that it is new before either took it.
        var second = Ok(await here.Keys.ImportKeyBlockAsync("any", new("zmk"), block.Block, sent.CheckValue, default));
        var third = Ok(await there.Keys.ImportKeyBlockAsync("any", new("zmk"), block.Block, sent.CheckValue, default));
        Ok(await here.Keys.ActivateKeyAsync(second.Key, default));
        Ok(await there.Keys.ActivateKeyAsync(third.Key, default));

        var states = (await there.Keys.ListKeysAsync(default)).Where(info => info.Key.Id == "any").Select(info => info.State);
        Assert.Equal([KeyState.Retiring, KeyState.Retired, KeyState.Active], states);
    }

    [Fact]
    public async Task A_file_that_went_back_is_refused_and_the_keys_at_hand_stay()
    {
        var module = Open();
        var key = Ok(await module.Keys.GenerateKeyAsync(Any, default));
        var older = await File.ReadAllBytesAsync(FilePath);
        Ok(await module.Keys.ActivateKeyAsync(key.Key, default));

        await File.WriteAllBytesAsync(FilePath, older);
        var changed = await module.Keys.RetireKeyAsync(key.Key, default);

        Assert.Throws<KeyFileException>(() => module.RefreshKeys());
        Assert.Equal(HsmStatus.DeviceFault, changed.Status);
        Assert.Equal(KeyState.Active, Ok(await module.Keys.GetKeyAsync(key.Key, default)).State);
        File.Delete(FilePath);
        Assert.Throws<KeyFileException>(() => module.RefreshKeys());
        Assert.Equal(KeyState.Active, Ok(await module.Keys.GetKeyAsync(key.Key, default)).State);
    }

    [Fact]
    public async Task A_change_that_cannot_be_written_is_not_made()
    {
        var module = Open();
        var key = Ok(await module.Keys.GenerateKeyAsync(Any, default));
        var before = await File.ReadAllBytesAsync(FilePath);

        // A folder where the draft would be: nobody can write it, not even root.
        Directory.CreateDirectory(FilePath + ".new");
        var made = await module.Keys.GenerateKeyAsync(Any, default);
        var moved = await module.Keys.ActivateKeyAsync(key.Key, default);

        Assert.Equal((HsmStatus.DeviceFault, HsmStatus.DeviceFault), (made.Status, moved.Status));
        Assert.Equal([key], await module.Keys.ListKeysAsync(default));
        Assert.Equal(before, await File.ReadAllBytesAsync(FilePath));
    }

    [Fact]
    public async Task Whoever_cannot_get_the_lock_changes_nothing()
    {
        var module = Open(new ImpatientClock());
        using (var held = new FileStream(FilePath + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None))
            Assert.Equal(HsmStatus.Timeout, (await module.Keys.GenerateKeyAsync(Any, default)).Status);

        Assert.Equal(HsmStatus.Ok, (await module.Keys.GenerateKeyAsync(Any, default)).Status);
    }

    [Fact]
    public async Task A_destroyed_key_is_destroyed_everywhere()
    {
        var (here, there) = (Open(), Open());
        var key = Ok(await here.Keys.GenerateKeyAsync(Any, default));
        there.RefreshKeys();
        Ok(await here.Keys.DestroyKeyAsync(key.Key, default));

        there.RefreshKeys();

        Assert.Equal(KeyState.Destroyed, Ok(await there.Keys.GetKeyAsync(key.Key, default)).State);
        Assert.Equal(HsmStatus.KeyInactive, (await there.Keys.ActivateKeyAsync(key.Key, default)).Status);
        Assert.Equal(2, Ok(await there.Keys.GenerateKeyAsync(Any, default)).Key.Version);
    }

    public void Dispose()
    {
        foreach (var module in modules)
            module.Dispose();
        master.Dispose();
        folder.Delete(recursive: true);
    }

    private static KeyInfo Ok(KeyResult result)
    {
        Assert.Equal(HsmStatus.Ok, result.Status);
        return result.Key!;
    }

    private SoftwareHsm Open(TimeProvider? clock = null)
    {
        var module = SoftwareHsm.Open(FilePath, master, new(), clock ?? TimeProvider.System);
        modules.Add(module);
        return module;
    }

    /// <summary>Time that the test moves.</summary>
    private sealed class StepClock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        internal void Step(TimeSpan by) => ticks += by.Ticks;
    }

    /// <summary>An hour goes by between two looks.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks += TimeSpan.TicksPerHour;
    }
}
