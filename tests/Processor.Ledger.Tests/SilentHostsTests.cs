using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Cards;
using Processor.Testing;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>Who strikes a host out, and what becomes of one that was struck out and lives.</summary>
public sealed class SilentHostsTests : IAsyncLifetime
{
    private const int Silent = 7;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Recovery recovery = new(partitions: 1);
    private readonly SettableClock clock = new();
    private readonly SilentHost host = new(0, Silent, new DateTime(2026, 3, 29, 12, 0, 0, DateTimeKind.Utc));
    private LocalRedis redis = null!;
    private RedisLink link = null!;
    private LedgerMetrics metrics = null!;
    private Partition<Moves> partition = null!;
    private SilentHosts hosts = null!;

    public async Task InitializeAsync()
    {
        redis = await LocalRedis.StartOwnAsync();
        link = await RedisLink.ConnectAsync(redis.ConnectionString, TimeProvider.System);
        metrics = NewMetrics();
        var settings = new LedgerSettings { Redis = redis.ConnectionString, Partitions = 1, SilentFor = TimeSpan.FromSeconds(30) };
        var context = new PartitionContext(settings, link, new Past(), metrics, clock, NullLogger.Instance, Writer: 1, IsRetaining: true, CancellationToken.None);
        await link.SetFieldAsync(RedisNames.Meta(0), "epoch", "1", onlyNew: true);
        partition = new Partition<Moves>(0, context, default, epoch: 1);
        partition.Admit(new(await link.FindRunAsync(RedisNames.Meta(0)), Script: []));
        hosts = new SilentHosts(context, recovery);
        recovery.Silent = [host];
    }

    public async Task DisposeAsync()
    {
        metrics.Dispose();
        link.Dispose();
        await redis.DisposeAsync();
    }

    [Theory]
    [InlineData("b7")]
    [InlineData("w7")]
    public async Task A_host_is_struck_out_when_Redis_has_heard_nothing_of_it_for_long_enough(string heardBy)
    {
        for (var number = 1; number <= 4; number++)
        {
            await link.SetFieldAsync(RedisNames.Meta(0), heardBy, string.Create(CultureInfo.InvariantCulture, $"{number} 1-{number} "), onlyNew: false);
            await LookAfterAsync(seconds: 20);
            Assert.Empty(recovery.StruckOut);
        }

        await link.EvaluateAsync("return redis.call('XADD', KEYS[1], '1-9', 'e', '')", [RedisNames.Journal(0)], []);
        await LookAfterAsync(seconds: 29);
        Assert.Empty(recovery.StruckOut);
        await LookAfterAsync(seconds: 1);
        Assert.Equal(new JournalId(1, 9), recovery.StruckOut[host]);
    }

    [Fact]
    public async Task In_another_epoch_or_run_than_this_host_knows_nobody_is_struck_out()
    {
        await LookAfterAsync(seconds: 1);
        await link.SetFieldAsync(RedisNames.Meta(0), "epoch", "2", onlyNew: false);
        await LookAfterAsync(seconds: 60);
        Assert.Empty(recovery.StruckOut);

        await link.SetFieldAsync(RedisNames.Meta(0), "epoch", "1", onlyNew: false);
        partition.Admit(new("another", Script: []));
        await LookAfterAsync(seconds: 60);
        Assert.Empty(recovery.StruckOut);

        partition.Withdraw();
        await LookAfterAsync(seconds: 60);
        Assert.Empty(recovery.StruckOut);
        Assert.True((await link.ReadFieldAsync(RedisNames.Meta(0), "w7")).IsNull);
    }

    [Fact]
    public async Task Of_a_host_that_was_seen_again_silence_counts_anew()
    {
        await LookAfterAsync(seconds: 1);
        recovery.Silent = [host with { SeenAt = host.SeenAt.AddMinutes(1) }];
        await LookAfterAsync(seconds: 60);

        Assert.Empty(recovery.StruckOut);
    }

    [Fact]
    public async Task While_Postgres_does_not_see_a_host_it_beats_in_Redis()
    {
        await using var living = await StartAsync();
        Assert.True((await link.ReadFieldAsync(RedisNames.Meta(0), "b1")).IsNull);

        recovery.FailsToBeat = true;
        await UntilAsync(async () => await BeatAsync() > 0);
        var before = await BeatAsync();
        await UntilAsync(async () => await BeatAsync() > before);

        async Task<long> BeatAsync() => long.Parse((string?)await link.ReadFieldAsync(RedisNames.Meta(0), "b1") ?? "0", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task From_a_host_that_is_struck_out_nothing_is_taken_before_Postgres_has_heard_it()
    {
        await using var living = await StartAsync();
        var account = await Move.OpenAsync(living);
        recovery.FailsToBeat = true;
        await UntilAsync(async () => !(await link.ReadFieldAsync(RedisNames.Meta(0), "b1")).IsNull);
        var field = (string?)await link.ReadFieldAsync(RedisNames.Meta(0), "w1") ?? "";
        await link.SetFieldAsync(RedisNames.Meta(0), "w1", WriterField.Strike(field, host.SeenAt), onlyNew: false);

        var refused = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 2 };
        living.Submit(refused);
        Assert.Equal(CommitOutcome.Unavailable, await refused.Outcome.WaitAsync(Patience));
        Assert.Equal(new JournalId(1, 0), await link.FindStreamEndAsync(RedisNames.Journal(0)));

        recovery.FailsToBeat = false;
        var outcome = CommitOutcome.Unavailable;
        await UntilAsync(async () =>
        {
            var taken = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 3 };
            living.Submit(taken);
            outcome = await taken.Outcome.WaitAsync(Patience);
            return outcome == CommitOutcome.Committed;
        });
    }

    [Theory]
    [InlineData("", "0 - ", 0)]
    [InlineData("17 1-5 ", "17 1-5 ", 17)]
    [InlineData("18 1-6 0,3", "18 1-6 0,3", 18)]
    public void What_a_writer_committed_last_is_known_when_it_is_no_longer_struck_out(string before, string after, long number)
    {
        var struck = WriterField.Strike(before, host.SeenAt);
        var again = WriterField.Strike(struck, host.SeenAt.AddTicks(10));

        Assert.NotEqual(struck, again);
        Assert.Equal((after, after, number), (WriterField.Restore(struck), WriterField.Restore(again), WriterField.NumberOf(again)));
        Assert.Equal((before, number), (WriterField.Restore(before), WriterField.NumberOf(before)));
    }

    private static LedgerMetrics NewMetrics() => new(() => default, () => [], () => []);

    private Task LookAfterAsync(int seconds)
    {
        clock.Pass(TimeSpan.FromSeconds(seconds));
        return hosts.LookAsync([partition]);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
            await Task.Delay(1, patience.Token);
    }

    private Task<Ledger<Moves>> StartAsync() => Ledger<Moves>.OpenAsync(
        new LedgerSettings { Redis = redis.ConnectionString, Partitions = 1, RefusalMax = TimeSpan.FromMilliseconds(200) },
        new Registry(), new Past(), recovery, default, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

    private sealed class SettableClock : TimeProvider
    {
        private long ticks = TimeSpan.TicksPerHour;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        internal void Pass(TimeSpan time) => ticks += time.Ticks;
    }
}
