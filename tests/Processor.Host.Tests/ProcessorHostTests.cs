using System.Net;
using System.Runtime.Versioning;
using System.Text;
using System.Text.RegularExpressions;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Security;
using Processor.Testing;
using Xunit;

namespace Processor.Host.Tests;

public sealed class ProcessorHostTests(PostgresFixture postgres, RedisFixture redis) : HostTest(postgres, redis)
{

    [Fact]
    public async Task A_started_host_is_live_and_ready_and_has_the_demo_cards()
    {
        await using var host = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/health/live")).StatusCode);
        Assert.Equal("ready\n", await host.Http.GetStringAsync("/health/ready"));
        Assert.Equal((1_000_00, CardStatus.Active, 500_00L), await LookAsync(host, DemoCards.Everyday));
        Assert.Equal((10_00, CardStatus.Active, -1L), await LookAsync(host, DemoCards.Poor));
        Assert.Equal((1_000_00, CardStatus.Frozen, -1L), await LookAsync(host, DemoCards.Frozen));
        Assert.Equal((1_000_000_00, CardStatus.Active, -1L), await LookAsync(host, DemoCards.Unlimited));
    }

    [Fact]
    public async Task A_second_start_changes_nothing_of_what_was_used()
    {
        string key;
        await using (var first = await StartAsync(("Processor:DemoLoadCards", "3")))
        {
            key = await File.ReadAllTextAsync(Path.Combine(Folder, "api-key"));
            var card = await FindAsync(first, DemoCards.Everyday);
            await first.Get<ILedger>().RunAsync(new SetCardStatusCommand { AccountId = card.AccountId, CardId = card.Id, Key = RequestKey.OfOperation(default, "a freeze of the test", "only"), Status = CardStatus.Frozen });
            await first.Get<ILedger>().RunAsync(new TransferCommand
            {
                AccountId = card.AccountId,
                Key = RequestKey.OfOperation(default, "a withdrawal of the test", "only"),
                Kind = TransactionKind.Withdraw,
                Amount = new Amount(300_00, Currency.Eur),
            });
        }

        await using var second = await StartAsync(("Processor:DemoLoadCards", "5"));

        Assert.Equal((700_00, CardStatus.Frozen, 500_00L), await LookAsync(second, DemoCards.Everyday));
        Assert.Equal((1_000_000_00, CardStatus.Active, -1L), await LookAsync(second, DemoCards.PanOf(4)));
        Assert.Equal(key, await File.ReadAllTextAsync(Path.Combine(Folder, "api-key")));
        Assert.Single(await second.Get<ProgramQueries>().ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Two_hosts_that_start_at_once_seed_once()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => StartAsync(("Processor:DemoLoadCards", "40")))));
        try
        {
            foreach (var host in hosts)
            {
                Assert.Equal((1_000_00, CardStatus.Active, 500_00L), await LookAsync(host, DemoCards.Everyday));
                Assert.Equal((1_000_000_00, CardStatus.Active, -1L), await LookAsync(host, DemoCards.PanOf(39)));
            }
        }
        finally
        {
            foreach (var host in hosts)
                await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_new_key_in_the_key_file_is_good_from_the_next_start_on()
    {
        await using (await StartAsync())
            await File.WriteAllTextAsync(Path.Combine(Folder, "api-key"), ApiKey.Create().Reveal());

        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/cards");
        request.Headers.Add("Authorization", "Bearer " + await File.ReadAllTextAsync(Path.Combine(Folder, "api-key")));

        Assert.Equal(HttpStatusCode.OK, (await host.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_key_file_and_the_api_key_are_their_owners_alone()
    {
        await using var host = await StartAsync();

        foreach (var file in Directory.GetFiles(Folder))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Metrics_are_told_in_the_text_format()
    {
        await using var host = await StartAsync();

        // A partition's lag is told from the first time on that this host recorded it, which may be a lease later.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Dictionary<string, double> samples;
        do
        {
            var answer = await host.Http.GetAsync("/metrics", patience.Token);
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            samples = PrometheusText.Parse(await answer.Content.ReadAsStringAsync(patience.Token));
        }
        while (!samples.Keys.Any(name => name.StartsWith("processor_journal_lag_seconds{", StringComparison.Ordinal)));

        Assert.Contains("processor_switch_connections", samples);
        Assert.Contains("processor_ledger_conflicts_total", samples);
        Assert.True(samples["processor_ledger_operations_total"] > 0);
        Assert.True(samples["processor_ledger_batch_size_count"] > 0);
    }

    [Fact]
    public async Task An_iso_port_is_no_web_server()
    {
        await using var host = await StartAsync();
        await using var line = await host.ConnectAsync();

        // "GE" as a length is more than a message may have: framing is lost, and the line is closed.
        await line.SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());

        Assert.Null(await line.ReceiveOrEndAsync());
    }

    [Fact]
    public async Task A_host_whose_redis_has_gone_is_live_and_not_ready()
    {
        await using var own = await LocalRedis.StartOwnAsync();
        await using var host = await RunningHost.StartAsync(own.ConnectionString, Database, Folder);

        own.Kill();

        // The connection learns of it in its own time; nothing else is waited for.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await host.Http.GetAsync("/health/ready", patience.Token)).StatusCode != HttpStatusCode.ServiceUnavailable)
            await Task.Yield();
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task No_secret_reaches_a_log()
    {
        var key = ApiKey.Create().Reveal();
        await using var host = await StartAsync(("Processor:DemoLoadCards", "2"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/cards");
        request.Headers.Add("Authorization", "Bearer " + key);
        await host.Http.SendAsync(request);
        var demoKey = (await File.ReadAllTextAsync(Path.Combine(Folder, "api-key"))).Trim();

        var log = string.Join('\n', host.Logs.Lines);

        Assert.NotEmpty(log);
        foreach (var pan in new[] { DemoCards.Everyday, DemoCards.Poor, DemoCards.Frozen, DemoCards.Unlimited, DemoCards.PanOf(0), DemoCards.PanOf(1) })
            Assert.DoesNotContain(Digits(pan), log, StringComparison.Ordinal);
        Assert.DoesNotContain(demoKey, log, StringComparison.Ordinal);
        Assert.DoesNotContain(key, log, StringComparison.Ordinal);
        foreach (var secret in await SecretsOfKeyFileAsync())
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
    }

    private static async Task<Card> FindAsync(RunningHost host, Pan pan) =>
        Assert.Single(await host.Get<CardQueries>().ListByPanAsync([host.Get<PanVault>().Hash(pan)], CancellationToken.None));

    /// <summary>What is available, the card's state, and its limit of a day.</summary>
    private static async Task<(long Available, CardStatus Status, long DayAmount)> LookAsync(RunningHost host, Pan pan)
    {
        var card = await FindAsync(host, pan);
        var read = new ReadAccountCommand { AccountId = card.AccountId };
        Assert.Equal(CommitOutcome.Committed, await host.Get<ILedger>().RunAsync(read));
        return (Assert.Single(read.Balances).Available, Assert.Single(read.Cards).Status, LimitsDocument.Read(card.Limits)?.All.DayAmount ?? -1);
    }

    private static string Digits(Pan pan)
    {
        var digits = new byte[pan.Length];
        pan.CopyDigits(digits);
        return Encoding.ASCII.GetString(digits);
    }

    private async Task<IEnumerable<string>> SecretsOfKeyFileAsync() =>
        Regex.Matches(await File.ReadAllTextAsync(Path.Combine(Folder, "keys.json")), "[A-Za-z0-9+/]{40,}=*").Select(match => match.Value);
}
