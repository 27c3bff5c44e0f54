using System.Globalization;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;

namespace Processor.EndToEnd.Tests;

/// <summary>Two hosts' ledgers on one real Redis, with a real Postgres behind them. The first one records and projects.</summary>
internal sealed class LedgerPair : IAsyncDisposable
{
    private const int HostCount = 2;

    // The host whose recorder and projector run.
    private const int Recording = 0;

    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(60);

    // Partitions whose projection is behind what was recorded.
    private const string LagSql = """
        select count(*)::integer
        from journal_position as recorded
        left join projector_position as projected using (partition)
        where (recorded.epoch, recorded.seq) is distinct from (projected.epoch, projected.seq)
        """;

    private readonly Ledger<AuthorizationDecide>[] hosts = new Ledger<AuthorizationDecide>[HostCount];
    private readonly TaskCompletionSource[] ends = [.. Enumerable.Range(0, HostCount).Select(_ => NewEnd())];
    private readonly ProgramDirectory programs = new();
    private readonly PairSettings settings;

    private LedgerReader link = null!;

    private LedgerPair(PairSettings settings)
    {
        this.settings = settings;
        RecordsSettings = settings.Records(new RecordsSettings { Postgres = settings.Postgres });
        Database = new RecordsDatabase(RecordsSettings);
        programs.Replace([new ProgramProfile { Number = 1, Id = new Ulid(1), Name = "Run", TimeZone = "UTC", BinRanges = [], Credentials = new() }]);
    }

    internal IReadOnlyList<Ledger<AuthorizationDecide>> Hosts => hosts;

    /// <summary>What hosts, recorder and projector warned of.</summary>
    internal RunLog Log { get; } = new();

    internal RecordsDatabase Database { get; }

    internal RecordsSettings RecordsSettings { get; }

    internal JournalRecorder Recorder { get; private set; } = null!;

    internal Projector Projector { get; private set; } = null!;

    /// <summary>Two hosts that run alike.</summary>
    internal static Task<LedgerPair> OpenAsync(string redis, string postgres, TimeSpan repeatWindow) =>
        OpenAsync(new PairSettings { Redis = [redis], Postgres = postgres, RepeatWindow = repeatWindow });

    /// <summary>Opens both hosts, and starts recorder and projector.</summary>
    internal static async Task<LedgerPair> OpenAsync(PairSettings settings)
    {
        var pair = new LedgerPair(settings);
        await new Migrator(pair.Database, NullLogger<Migrator>.Instance).ApplyAsync(CancellationToken.None);
        for (var host = 0; host < HostCount; host++)
            pair.hosts[host] = await pair.OpenHostAsync(host);
        pair.link = await LedgerReader.OpenAsync(settings.Redis[0], pair.hosts[0].Journal.Partitions, TimeProvider.System);
        await pair.StartRecordsAsync();
        return pair;
    }

    /// <summary>Ends when a host does, as it runs now: nobody hears from it what it still has to say.</summary>
    internal Task EndOf(int host) => Volatile.Read(ref ends[host]).Task;

    /// <summary>Ends a host as it is, with what it has under way, which nobody is told of, and starts it as a new writer.</summary>
    internal async Task RestartHostAsync(int host)
    {
        ends[host].SetResult();
        if (host == Recording)
            await StopRecordsAsync();
        await hosts[host].DisposeAsync();
        hosts[host] = await OpenHostAsync(host);
        if (host == Recording)
            await StartRecordsAsync();
        Volatile.Write(ref ends[host], NewEnd());
    }

    /// <summary>How both hosts stand and what they warned of, for a failure's message.</summary>
    internal string Describe() => string.Join(
        Environment.NewLine,
        [.. hosts.Select((host, number) => $"host {number}, ready {host.IsReady}{Environment.NewLine}{host.Describe()}"), Log.Latest]);

    internal TimeSpan RepeatWindow => settings.RepeatWindow;

    internal int Partitions => link.Journal.Partitions;

    /// <summary>The partition that an account lives in.</summary>
    internal int PartitionOf(Ulid account) => link.PartitionOf(account);

    /// <summary>The recorder of the host that does not record yet, which is not started.</summary>
    internal JournalRecorder NewRecorder() => NewRecorder(hosts[1 - Recording].Journal);

    /// <summary>Journal entries of each partition in Redis.</summary>
    internal async Task<IReadOnlyList<long>> MeasureAsync() =>
        [.. (await Task.WhenAll(Enumerable.Range(0, link.Journal.Partitions).Select(link.MeasureAsync))).Select(measure => measure.Entries)];

    /// <summary>Breaks the database sessions that keep partitions for a recorder or projector, so that another may take them.</summary>
    internal async Task BreakLocksAsync()
    {
        await using var database = new NpgsqlConnection(settings.Postgres + ";Pooling=false");
        await database.ExecuteAsync("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
    }

    private JournalRecorder NewRecorder(IJournal journal) =>
        new(journal, Database, RecordsSettings, new RecordsMetrics(TimeProvider.System), settings.RecorderClock, Log.For("recorder").CreateLogger<JournalRecorder>());

    /// <summary>Waits until Postgres has everything that was committed, and has made transactions of it.</summary>
    internal async Task DrainAsync()
    {
        for (var partition = 0; partition < link.Journal.Partitions; partition++)
        {
            var drained = partition;
            await Eventually.IsAsync($"partition {drained} is recorded", DrainPatience, async () => await IsEmptyAsync(drained));
        }

        await using var database = new NpgsqlConnection(settings.Postgres + ";Pooling=false");
        await Eventually.IsAsync("the journal is projected", DrainPatience, async () => await database.QuerySingleAsync<int>(LagSql) == 0);
    }

    /// <summary>Compares every field of every account in Redis with the records, and the books with themselves.</summary>
    internal async Task<IReadOnlyList<string>> CompareAsync()
    {
        using var reader = await LedgerReader.OpenAsync(settings.Redis[0], hosts[0].Journal.Partitions, TimeProvider.System);

        // Not the hosts' connections, some of which a fault may have left broken.
        await using var database = new RecordsDatabase(RecordsSettings);
        var (_, findings) = await new LedgerComparison(database, reader, TimeProvider.System).RunAsync(DrainPatience, CancellationToken.None);
        return [.. findings.Concat(await new BooksCheck(database).RunAsync(CancellationToken.None)).Select(finding => finding.ToString())];
    }

    public async ValueTask DisposeAsync()
    {
        await StopRecordsAsync();
        foreach (var host in hosts)
            await host.DisposeAsync();
        link.Dispose();
        await Database.DisposeAsync();
    }

    private static TaskCompletionSource NewEnd() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<bool> IsEmptyAsync(int partition)
    {
        try
        {
            return (await link.Journal.ReadAsync(partition, JournalId.Zero, 1, CancellationToken.None)).Count == 0;
        }
        catch (LedgerUnavailableException)
        {
            return false;
        }
    }

    private Task<Ledger<AuthorizationDecide>> OpenHostAsync(int host) => Ledger<AuthorizationDecide>.OpenAsync(
        settings.Ledger(new LedgerSettings { Redis = settings.Redis[host % settings.Redis.Count], RepeatWindow = settings.RepeatWindow }),
        new LedgerRegistry(Database),
        settings.History(new History(Database)),
        settings.Recovery(host, new LedgerRecovery(Database)),
        new AuthorizationDecide(programs, settings.RepeatWindow),
        settings.Clocks[host % settings.Clocks.Count],
        Log.For(string.Create(CultureInfo.InvariantCulture, $"host {host}")),
        CancellationToken.None);

    // They read what their host keeps in memory, as in a process of a host.
    private async Task StartRecordsAsync()
    {
        Recorder = NewRecorder(settings.Journal(hosts[Recording].Journal));
        Projector = new Projector(
            hosts[Recording].Journal, Database, RecordsSettings, new RecordsMetrics(TimeProvider.System), TimeProvider.System, Log.For("projector").CreateLogger<Projector>());
        await Recorder.StartAsync(CancellationToken.None);
        await Projector.StartAsync(CancellationToken.None);
    }

    private async Task StopRecordsAsync()
    {
        await Recorder.StopAsync(CancellationToken.None);
        await Projector.StopAsync(CancellationToken.None);
        Recorder.Dispose();
        Projector.Dispose();
    }
}
