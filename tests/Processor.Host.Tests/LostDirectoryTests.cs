using Dapper;
using Npgsql;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Ledger;
using Processor.Records;
using Processor.Security;
using Processor.Testing;
using Xunit;

namespace Processor.Host.Tests;

/// <summary>Redis has lost the directory of PANs and nothing else, as when the master of a Redis Cluster is gone that has their slots; and
/// the host has no card near.</summary>
public sealed class LostDirectoryTests(PostgresFixture postgres, RedisFixture redis) : HostTest(postgres, redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Iso8583Message purchase = NetworkLine.Purchase(DemoCards.Everyday, 100_00);

    [Fact]
    public async Task A_reversal_advice_takes_effect_nevertheless()
    {
        await using var host = await LoseAsync();
        await using var line = await host.ConnectAsync();
        Assert.Equal(100_00, await HeldAsync(host));

        Assert.Equal("00", (await line.AskAsync(ReversalOf(purchase, "0420")))[39]);

        Assert.Equal(0, await HeldAsync(host));
        Assert.Equal("00", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Poor, 1_00)))[39]);
        Assert.Equal(2, await Redis.Server.CountAsync("pan:*"));
    }

    [Fact]
    public async Task A_card_that_was_never_issued_is_answered_as_ever()
    {
        await using var host = await LoseAsync();
        await using var line = await host.ConnectAsync();
        var other = NetworkLine.Purchase(DemoCards.PanOf(7), 1_00);

        Assert.Equal("14", (await line.AskAsync(other))[39]);
        Assert.Equal("00", (await line.AskAsync(ReversalOf(other, "0420")))[39]);
    }

    [Fact]
    public async Task While_Postgres_is_away_no_card_is_said_not_to_exist()
    {
        await using var host = await LoseAsync(("Processor:Endpoints:0:InFlightMax", "1"));
        await using var line = await host.ConnectAsync();
        Assert.Equal("00", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Poor, 1_00)))[39]);

        await AllowConnectionsAsync(allow: false);
        try
        {
            // One message at a time: what comes behind the reversal is read when that has ended.
            await line.SendAsync(NetworkLine.Frame(ReversalOf(purchase, "0420")));
            Assert.Equal("91", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Everyday, 1_00)))[39]);
            Assert.Equal("00", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Poor, 1_00)))[39]);
        }
        finally
        {
            await AllowConnectionsAsync(allow: true);
        }

        Assert.Equal("00", (await RepeatAsync(line, ReversalOf(purchase, "0421")))[39]);
        Assert.Equal(0, await HeldAsync(host));
    }

    /// <summary>Has one host approve the purchase, has Redis lose the directory, and starts another host.</summary>
    private async Task<RunningHost> LoseAsync(params (string Key, string Value)[] more)
    {
        await using (var first = await StartAsync())
        {
            await using var line = await first.ConnectAsync();
            Assert.Equal("00", (await line.AskAsync(purchase))[39]);
        }

        await Redis.Server.RemoveAsync("pan:*");
        return await StartAsync(more);
    }

    /// <summary>Sends an advice until it is answered, as networks do.</summary>
    private static async Task<Iso8583Message> RepeatAsync(NetworkLine line, Iso8583Message advice)
    {
        using var patience = new CancellationTokenSource(Patience);
        var echo = new Iso8583Message(Mti.Parse("0800")) { [7] = "0601120000", [11] = "999999", [70] = "301" };
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            await line.SendAsync(NetworkLine.Frame(advice));
            var answer = await line.AskAsync(echo);
            if (answer.Mti == Mti.Parse("0430"))
                return answer;
        }
    }

    private static Iso8583Message ReversalOf(Iso8583Message purchase, string mti)
    {
        var reversal = new Iso8583Message(Mti.Parse(mti));
        for (var element = 2; element < 128; element++)
            reversal[element] = purchase[element];
        reversal[90] = "0100" + purchase[11] + purchase[7] + purchase[32]!.PadLeft(11, '0') + "00000000000";
        return reversal;
    }

    private static async Task<long> HeldAsync(RunningHost host)
    {
        var card = Assert.Single(await host.Get<CardQueries>().ListByPanAsync([host.Get<PanVault>().Hash(DemoCards.Everyday)], CancellationToken.None));
        var read = new ReadAccountCommand { AccountId = card.AccountId };
        Assert.Equal(CommitOutcome.Committed, await host.Get<ILedger>().RunAsync(read));
        return Assert.Single(read.Balances).Held;
    }

    /// <summary>Sends everybody away from the database of this test, or lets them in again.</summary>
    private async Task AllowConnectionsAsync(bool allow)
    {
        var name = new NpgsqlConnectionStringBuilder(Database).Database;
        await using var server = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database) { Database = "postgres", Pooling = false }.ConnectionString);
        await server.ExecuteAsync($"alter database \"{name}\" with allow_connections {allow}");
        if (!allow)
            await server.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = @name", new { name });
    }
}
