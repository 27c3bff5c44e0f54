using System.Globalization;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Processor.Cards;
using Processor.Records;
using Processor.Security;
using Processor.Testing;
using Xunit;

namespace Processor.Host.Tests;

/// <summary>The keys of PANs change while a network sends purchases, and no card is lost on the way.</summary>
public sealed class VaultRotationTests(PostgresFixture postgres, RedisFixture redis) : HostTest(postgres, redis)
{
    private int approved;

    [Fact]
    public async Task Keys_change_while_purchases_are_answered()
    {
        await using var host = await StartAsync(("Processor:DemoLoadCards", "700"));
        var keeper = host.Get<VaultKeeper>();
        using var enough = new CancellationTokenSource();
        var traffic = PurchaseUntilAsync(host, enough.Token);

        await MoreAsync(traffic);

        // A new data key: coming, then encrypting, then everything is under it, then the old one goes.
        Assert.Equal(0, (await RunAsync(host, "rotate")).Status);
        await keeper.RefreshAsync(CancellationToken.None);
        Assert.Equal(1, host.Get<PanVault>().CurrentDataKey);
        await MoreAsync(traffic);
        host.Clock.PutForward(VaultKeeper.ActivationDelay);
        await keeper.RefreshAsync(CancellationToken.None);
        Assert.Equal(2, host.Get<PanVault>().CurrentDataKey);
        Assert.Equal(1, (await RunAsync(host, "destroy", "1")).Status);
        await MoreAsync(traffic);
        await RewrapAllAsync(keeper);
        Assert.Equal(1, (await RunAsync(host, "destroy", "1")).Status);
        await MoreAsync(traffic);
        host.Clock.PutForward(VaultKeeper.DestructionDelay);
        Assert.Equal((0, "Key 1 is destroyed.\n"), await RunAsync(host, "destroy", "1"));
        Assert.Equal(1, (await RunAsync(host, "destroy", "2")).Status);
        await MoreAsync(traffic);

        // A new key in the file.
        Assert.Equal(0, (await RunAsync(host, "rotate-master")).Status);
        await keeper.RefreshAsync(CancellationToken.None);
        await keeper.RewrapKeysAsync(CancellationToken.None);
        var (_, status) = await RunAsync(host, "status");
        await MoreAsync(traffic);

        await enough.CancelAsync();
        await traffic;
        var lines = status.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches("^key 1  destroyed .* PANs 0$", lines[0]);
        Assert.Matches("^key 2  known .* wrapped with 2 of the key file  PANs 704$", lines[1]);
        Assert.Equal("PANs under the key file itself: 0", lines[2]);
        await AssertReadableAsync(host.Clock);
    }

    [Fact]
    public async Task What_an_older_host_encrypted_by_the_key_file_comes_under_a_data_key()
    {
        await using (var first = await StartAsync())
            await first.StopAsync();
        using (var keys = VaultKeys.LoadOrCreate(Path.Combine(Folder, "keys.json")))
            await ReplaceCipherAsync(new PanVault(keys));

        await using var host = await StartAsync();
        Assert.Contains("PANs under the key file itself: 4", (await RunAsync(host, "status")).Output, StringComparison.Ordinal);
        await RewrapAllAsync(host.Get<VaultKeeper>());

        Assert.Contains("PANs under the key file itself: 0", (await RunAsync(host, "status")).Output, StringComparison.Ordinal);
        await AssertReadableAsync(host.Clock);
    }

    private static async Task RewrapAllAsync(VaultKeeper keeper)
    {
        while (await keeper.RewrapCardsAsync(CancellationToken.None) > 0)
            await Task.Yield();
    }

    /// <summary>Each purchase is approved, whatever happens to the keys meanwhile.</summary>
    private async Task PurchaseUntilAsync(RunningHost host, CancellationToken enough)
    {
        await using var line = await host.ConnectAsync();
        while (!enough.IsCancellationRequested)
        {
            Assert.Equal((approved, "00"), (approved, (await line.AskAsync(NetworkLine.Purchase(DemoCards.Unlimited, 1)))[39]));
            Interlocked.Increment(ref approved);
        }
    }

    /// <summary>Waits for purchases that were sent and approved after this moment.</summary>
    private async Task MoreAsync(Task traffic)
    {
        const int More = 5;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var wanted = Volatile.Read(ref approved) + More; Volatile.Read(ref approved) < wanted; await Task.Delay(1, patience.Token))
        {
            if (traffic.IsCompleted)
                await traffic;
        }
    }

    /// <summary>Every PAN is read with nothing but the key file and Postgres, as a host that has just started would.</summary>
    private async Task AssertReadableAsync(TimeProvider clock)
    {
        using var keys = VaultKeys.LoadOrCreate(Path.Combine(Folder, "keys.json"));
        var vault = new PanVault(keys);
        await using var records = new RecordsDatabase(new RecordsSettings { Postgres = Database });
        var rows = await new VaultKeyQueries(records).ListAsync(CancellationToken.None);
        vault.UseDataKeys(
            [.. rows.Where(row => row.Wrapped is not null).Select(row => new WrappedDataKey(row.Version, row.MasterVersion, row.Wrapped!, row.ActiveFrom))],
            clock.GetUtcNow());
        foreach (var (id, cipher, hash) in await CardsAsync())
        {
            Assert.Equal(vault.CurrentPrefix, cipher[..3]);
            Assert.Equal(hash, new Ulid(vault.Hash(vault.Decrypt(cipher, id)).Value).ToGuid());
        }
    }

    private async Task ReplaceCipherAsync(PanVault vault)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        foreach (var (id, _, hash) in await CardsAsync())
        {
            Pan[] demo = [DemoCards.Everyday, DemoCards.Poor, DemoCards.Frozen, DemoCards.Unlimited];
            var pan = demo.Single(pan => new Ulid(vault.Hash(pan).Value).ToGuid() == hash);
            await using var command = new NpgsqlCommand("update card set pan_cipher = $1 where id = $2", connection);
            command.Parameters.AddWithValue(vault.Encrypt(pan, id));
            command.Parameters.AddWithValue(id.ToGuid());
            await command.ExecuteNonQueryAsync();
        }
    }

    private async Task<List<(Ulid Id, byte[] Cipher, Guid Hash)>> CardsAsync()
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select id, pan_cipher, pan_hash from card", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var cards = new List<(Ulid, byte[], Guid)>();
        while (await reader.ReadAsync())
            cards.Add((Ulid.FromGuid(reader.GetGuid(0)), (byte[])reader[1], reader.GetGuid(2)));
        Assert.NotEmpty(cards);
        return cards;
    }

    private async Task<(int Status, string Output)> RunAsync(RunningHost host, params string[] words)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Processor:Redis"] = Redis.ConnectionString,
            ["Processor:Postgres"] = Database,
            ["Processor:KeyFile"] = Path.Combine(Folder, "keys.json"),
            ["Processor:ApiPort"] = host.Ports[0].ToString(CultureInfo.InvariantCulture),
        }).Build();
        await using var output = new StringWriter { NewLine = "\n" };
        return (await VaultCommand.RunAsync(words, configuration, host.Clock, output, TextWriter.Null, CancellationToken.None), output.ToString());
    }
}
