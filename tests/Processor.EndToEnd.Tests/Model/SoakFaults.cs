using Dapper;
using Npgsql;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Testing;

namespace Processor.EndToEnd.Tests;

/// <summary>Everything that may go wrong while hosts work. Each fault ends when it is over and both hosts serve every partition again.</summary>
internal sealed class SoakFaults
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    // Longer than hosts wait for one that is not seen.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(14);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SoakParts parts;
    private readonly Random random;
    private readonly TimeSpan awayMax;
    private readonly (string Name, Func<Task> MakeAsync)[] all;
    private readonly Queue<(string Name, Func<Task> MakeAsync)> next = new();
    private readonly List<string> made = [];

    /// <param name="parts">What is harmed.</param>
    /// <param name="random">The faults' own dice: steps draw from others at the same time.</param>
    /// <param name="awayMax">How long anything is away at most.</param>
    internal SoakFaults(SoakParts parts, Random random, TimeSpan awayMax)
    {
        (this.parts, this.random, this.awayMax) = (parts, random, awayMax);
        all =
        [
            ("a faulty line", FaultyLineAsync),
            ("a cut line", CutLineAsync),
            ("a longer line", LongerLineAsync),
            ("a killed Redis", KillRedisAsync),
            ("an emptied Redis", EmptyRedisAsync),
            ("a rewound Redis", RewindRedisAsync),
            ("a Postgres that is away", KillPostgresAsync),
            ("a host that is ended", EndHostAsync),
            ("a recorder that stands still", StandStillAsync),
            ("recorders without their locks", parts.Pair.BreakLocksAsync),
            ("a clock that is set", SetClockAsync),
        ];
        if (parts.Cluster is { } cluster)
            all = [.. all, ("a slot that moves", () => MoveSlotAsync(cluster))];
    }

    /// <summary>What was made, oldest first.</summary>
    internal IReadOnlyList<string> Made => made;

    /// <summary>Makes one of them, drawn from those that were made least.</summary>
    internal async Task MakeAsync()
    {
        if (next.Count == 0)
        {
            random.Shuffle(all);
            Array.ForEach(all, next.Enqueue);
        }

        var (name, makeAsync) = next.Dequeue();
        made.Add(name);
        await makeAsync();
        await ServeAsync();
    }

    private RedisProxy DrawLine() => parts.Lines[random.Next(parts.Lines.Count)];

    private Task WaitAsync(TimeSpan max) => Task.Delay((max < awayMax ? max : awayMax) * random.NextDouble());

    private async Task FaultyLineAsync()
    {
        var line = DrawLine();
        line.Faults = ProxyFaults.All(1 / 100.0);
        await Task.Delay(Short * 2);
        line.Faults = ProxyFaults.None;
    }

    private async Task CutLineAsync()
    {
        DrawLine().Cut();
        await WaitAsync(Short);
    }

    private async Task LongerLineAsync()
    {
        var line = DrawLine();
        line.Distance = TimeSpan.FromMilliseconds(random.Next(1, 4));
        await Task.Delay(Short);
        line.Distance = TimeSpan.Zero;
    }

    private async Task KillRedisAsync()
    {
        var redis = parts.Redis[random.Next(parts.Redis.Count)];
        redis.Kill();
        await WaitAsync(Short);
        await redis.RestartAsync();
    }

    private Task EmptyRedisAsync() => LoseAsync(async redis =>
    {
        await WaitAsync(Short);
        await redis.FlushAsync();
    });

    private Task RewindRedisAsync() => LoseAsync(async redis =>
    {
        redis.CopyFiles();
        await WaitAsync(Short * 2);
        await redis.RewindAsync();
    });

    /// <summary>Has a Redis lose what it was told, at a moment when every host is alive that may be the only one to know of it.</summary>
    private async Task LoseAsync(Func<LocalRedis, Task> loseAsync)
    {
        const string mayLoseSql = """
            select (select count(*) from ledger_host where left_at is null) > @hosts or exists (
                select from ledger_last_entry as left_behind join journal_position as recorded using (partition)
                where (recorded.epoch, recorded.seq) < (left_behind.epoch, left_behind.seq))
            """;
        await Eventually.IsAsync("what an ended host left is recorded", Patience, async () =>
        {
            await using var database = new NpgsqlConnection(parts.Database + ";Pooling=false");
            return !await database.QuerySingleAsync<bool>(mayLoseSql, new { hosts = parts.Pair.Hosts.Count });
        });
        await loseAsync(parts.Redis[random.Next(parts.Redis.Count)]);
    }

    private async Task KillPostgresAsync()
    {
        parts.Postgres.Kill();
        await WaitAsync(Long);
        await parts.Postgres.RestartAsync();
    }

    private Task EndHostAsync() => parts.Pair.RestartHostAsync(random.Next(parts.Pair.Hosts.Count));

    private async Task StandStillAsync()
    {
        parts.Recorded.Pause();
        await parts.Recorded.Reached.WaitAsync(Patience);
        await parts.Pair.BreakLocksAsync();
        using var other = parts.Pair.NewRecorder();
        await other.StartAsync(CancellationToken.None);
        await WaitAsync(Short * 3);
        parts.Recorded.Resume();
        await WaitAsync(Short);
        await other.StopAsync(CancellationToken.None);
    }

    private Task SetClockAsync()
    {
        parts.Clocks[random.Next(parts.Clocks.Count)].Move(TimeSpan.FromSeconds(random.Next(-30, 31)));
        return Task.CompletedTask;
    }

    private async Task MoveSlotAsync(LocalRedisCluster cluster) =>
        await cluster.MigrateAsync(await cluster.SlotOfAsync($"{{p{random.Next(parts.Pair.Partitions)}}}:meta"));

    /// <summary>Waits until both hosts commit in every partition: by then what was lost is rebuilt, and every start of Redis is looked at.</summary>
    private Task ServeAsync() => Task.WhenAll(parts.Pair.Hosts.SelectMany((host, number) => Enumerable.Range(0, parts.Pair.Partitions).Select(partition =>
    {
        var account = Ulid.Create(TimeProvider.System);
        while (parts.Pair.PartitionOf(account) != partition)
            account = Ulid.Create(TimeProvider.System);
        return Eventually.IsAsync($"host {number} serves partition {partition}", Patience, async () =>
            await host.RunAsync(new OpenAccountCommand { AccountId = account, Program = 1, Currency = Currency.Eur.Numeric }) == CommitOutcome.Committed || await WasLostAsync(partition));
    })));

    // Nothing may be lost here, and a partition that has lost something waits for an operator.
    private async Task<bool> WasLostAsync(int partition)
    {
        const string lostSql = "select reason from ledger_partition where partition = @partition and state = 2";
        await using var database = new NpgsqlConnection(parts.Database + ";Pooling=false");
        return await database.QuerySingleOrDefaultAsync<string>(lostSql, new { partition }) is { } reason
            ? throw new TimeoutException($"Partition {partition} has lost something: {reason}.")
            : false;
    }
}
