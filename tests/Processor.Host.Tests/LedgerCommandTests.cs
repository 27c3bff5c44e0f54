using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Processor.Cards;
using Processor.Ledger;
using Processor.Testing;
using StackExchange.Redis;
using Xunit;

namespace Processor.Host.Tests;

public sealed class LedgerCommandTests(PostgresFixture postgres, RedisFixture redis) : HostTest(postgres, redis)
{

    [Fact]
    public async Task While_traffic_runs_Redis_and_Postgres_are_found_to_agree()
    {
        await using var host = await StartAsync();
        using var enough = new CancellationTokenSource();
        var traffic = PurchaseUntilAsync(host, enough.Token);
        try
        {
            for (var round = 0; round < 3; round++)
            {
                var (status, output) = await RunAsync(host, "verify");
                Assert.Equal((0, "4 accounts compared: 0 differences; books: 0 findings\n"), (status, output));
            }
        }
        finally
        {
            await enough.CancelAsync();
        }

        Assert.NotEqual(0, await traffic);
    }

    [Theory]
    [InlineData("update account_balance set posted = posted + 1 where posted = 1000", "posted is recorded", "posted is the sum of entries")]
    [InlineData("update card_state set status = 1 where status <> 1", "card status is recorded")]
    [InlineData("update hold set image = set_byte(image, 90, get_byte(image, 90) # 1)", "hold is recorded as it is")]
    [InlineData("delete from hold", "hold is recorded as it is", "held is the sum of open holds", "open holds are counted")]
    public async Task What_was_changed_behind_the_ledgers_back_is_found(string damage, params string[] rules)
    {
        await using var host = await StartAsync();
        await using (var line = await host.ConnectAsync())
            await line.AskAsync(NetworkLine.Purchase(DemoCards.Unlimited, 12_34));
        Assert.Equal(0, (await RunAsync(host, "verify")).Status);
        await host.StopAsync();
        await using (var connection = new NpgsqlConnection(Database))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(damage, connection);
            Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
        }

        var (status, output) = await RunAsync(host, "verify", "5");

        Assert.Equal(1, status);
        Assert.Equal(rules.Order(), output.Split('\n').SkipLast(2).Select(line => line.Split(": ")[0]).Distinct().Order());
    }

    [Fact]
    public async Task What_was_changed_in_Redis_while_the_host_runs_is_found()
    {
        // Of three accounts that the traffic leaves alone one gets more money, one other limits, and one is gone; a fourth comes from nowhere.
        const string damage = """
            local quiet = redis.call('KEYS', '{p*}:acct:*')
            table.sort(quiet, function(first, second) return redis.call('HLEN', first) < redis.call('HLEN', second) end)
            for _, field in ipairs(redis.call('HKEYS', quiet[1])) do
                local value = redis.call('HGET', quiet[1], field)
                if field:sub(1, 1) == 'b' then
                    redis.call('HSET', quiet[1], field, value:sub(1, 2) .. string.char((value:byte(3) + 1) % 256) .. value:sub(4))
                end
            end
            redis.call('HSET', quiet[2], 'l\0\0', string.rep('\1', tonumber(ARGV[1])))
            redis.call('DEL', quiet[3])
            redis.call('HSET', '{p0}:acct:' .. ARGV[2], 'a', 'unknown')
            return #quiet
            """;
        await using var host = await StartAsync();
        await using (var line = await host.ConnectAsync())
        {
            for (var count = 0; count < 10; count++)
                await line.AskAsync(NetworkLine.Purchase(DemoCards.Unlimited, 1));
        }

        using var enough = new CancellationTokenSource();
        var traffic = PurchaseUntilAsync(host, enough.Token);
        var redis = await ConnectionMultiplexer.ConnectAsync(Redis.ConnectionString);
        var unknown = Ulid.Create(TimeProvider.System);

        Assert.Equal(4, (int)await redis.GetDatabase().ScriptEvaluateAsync(damage, values: [Unsafe.SizeOf<LimitRecord>(), unknown.ToString()]));
        redis.Close(allowCommandsToComplete: false);
        var (status, output) = await RunAsync(host, "verify");
        await enough.CancelAsync();

        Assert.NotEqual(0, await traffic);
        Assert.Equal(1, status);
        Assert.Equal(
            ["limits are recorded", "posted is recorded", "the account is in Redis", "the account is recorded"],
            output.Split('\n').SkipLast(2).Select(line => line.Split(": ")[0]).Order());
        Assert.Contains($"the account is recorded: {unknown}, currency 0: expected 0, found 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_tells_of_every_partition_and_says_where_Redis_is_not_what_it_should_be()
    {
        await using var host = await StartAsync();
        await using (var line = await host.ConnectAsync())
            await line.AskAsync(NetworkLine.Purchase(DemoCards.Unlimited, 12_34));
        await RunAsync(host, "verify");

        // The host measures its journal, and the moment is announced, once a second.
        string[] lines =
        [
            .. Enumerable.Range(0, 4).Select(partition => Line($@"{partition} +1 +1 +{Entry} +\d+ +\d+ +{Entry} +{Entry} +{Age} +{Age} +0")),
            Line($@"host at http://127.0.0.1:\d+/metrics: lanes 2, operations waiting 0, partitions stopped 0, operations committed [1-9]\d*, conflicts \d+, claims 0, calls sent again \d+, journal bytes [1-9]\d*, of them kept here \d+, recorder lag {Seconds}, projector lag {Seconds}"),
        ];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var well = await RunAsync(host, "status");
        while (!patience.IsCancellationRequested && lines.Any(line => !Regex.IsMatch(well.Output, line)))
            well = await RunAsync(host, "status");
        await host.StopAsync();
        await Redis.Server.FlushAsync();
        var ill = await RunAsync(host, "status");

        Assert.Equal(0, well.Status);
        Assert.All(lines, line => Assert.Matches(line, well.Output));
        Assert.Contains("\naccounts 4, open holds 1\n", well.Output, StringComparison.Ordinal);
        Assert.Equal(1, ill.Status);
        Assert.Equal(4, ill.Output.Split("<< look here").Length - 1);
        Assert.Contains("no host answers at ", ill.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_tells_of_a_loss_from_where_on_and_who_may_have_what_is_lost()
    {
        await using var host = await StartAsync();
        await RunAsync(host, "verify");
        await ExecuteAsync("update ledger_partition set state = 2, reason = 'a test' where partition = 2; insert into ledger_loss (partition, epoch, seq, reason) values (2, 1, 57, 'with writer 9 (process 12 on here)')");

        var (status, output) = await RunAsync(host, "status");

        Assert.Equal(1, status);
        Assert.Matches(Line(@"waits for: processor ledger rebuild 2: a test"), output);
        Assert.Matches(Line(@"partition 2: what was acknowledged behind entry 1-57 of epoch 1 may be lost, found [-0-9: ]+Z: with writer 9 \(process 12 on here\)"), output);
    }

    [Fact]
    public async Task Without_Postgres_status_tells_what_Redis_and_the_host_know()
    {
        await using var host = await StartAsync();
        await RunAsync(host, "verify");
        Database = "Host=127.0.0.1;Port=1;Username=nobody;Timeout=2";

        var (status, output) = await RunAsync(host, "status");

        Assert.Equal(1, status);
        Assert.StartsWith("Postgres does not answer: ", output, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, 4), partition => Assert.Matches(Line($@"{partition} +\? +1 +{Entry} +\d+ +\d+ +\? +\? +\? +{Age} +\?"), output));
        Assert.Contains("recorder lag ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partition_that_is_ordered_to_be_rebuilt_is_whole_afterwards()
    {
        await using var host = await StartAsync();
        await using var line = await host.ConnectAsync();
        await line.AskAsync(NetworkLine.Purchase(DemoCards.Unlimited, 12_34));
        await Redis.Server.FlushAsync();

        for (var partition = 0; partition < 4; partition++)
            Assert.Equal(0, (await RunAsync(host, "rebuild", partition.ToString(CultureInfo.InvariantCulture))).Status);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await AskAsync("select count(*) from ledger_partition where state <> 0 or epoch < 2") > 0
            || (await host.Http.GetAsync("/health/ready", patience.Token)).StatusCode != System.Net.HttpStatusCode.OK)
            await Task.Delay(50, patience.Token);

        Assert.Equal((0, "4 accounts compared: 0 differences; books: 0 findings\n"), await RunAsync(host, "verify"));
        Assert.Equal("00", (await line.AskAsync(NetworkLine.Purchase(DemoCards.Unlimited, 12_34)))[39]);
        Assert.Equal(1, (await RunAsync(host, "rebuild", "99")).Status);
    }

    [Fact]
    public async Task What_cannot_be_reached_or_read_ends_with_2()
    {
        await using var host = await StartAsync();

        Assert.Equal(2, (await RunAsync(host, "mend")).Status);
        Assert.Equal(2, (await RunAsync(host, "verify", "-1")).Status);
        Assert.Equal(2, await LedgerCommand.RunAsync([], new ConfigurationBuilder().Build(), TextWriter.Null, TextWriter.Null, CancellationToken.None));
    }

    private static async Task<int> PurchaseUntilAsync(RunningHost host, CancellationToken enough)
    {
        await using var line = await host.ConnectAsync();
        var count = 0;
        for (; !enough.IsCancellationRequested; count++)
            await line.AskAsync(NetworkLine.Purchase(DemoCards.Unlimited, 1));
        return count;
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
        return (await LedgerCommand.RunAsync(words, configuration, output, TextWriter.Null, CancellationToken.None), output.ToString());
    }

    private const string Seconds = @"\d+\.\d s";

    // A partition without an account has no entry, and nobody can say how far it has come.
    private const string Entry = @"(?:1-\d+|0-0)";
    private const string Age = $"(?:{Seconds}|never)";

    private static string Line(string pattern) => @"(?m)^ *" + pattern + "$";

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
