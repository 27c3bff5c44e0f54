using Microsoft.Extensions.Logging.Abstractions;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Testing;

namespace Processor.EndToEnd.Tests;

/// <summary>Two hosts' ledgers on one real Redis, with a real Postgres behind them, and one recorder and projector.</summary>
internal sealed class LedgerPair : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> owned = [];
    private readonly List<Ledger<AuthorizationDecide>> hosts = [];

    internal IReadOnlyList<Ledger<AuthorizationDecide>> Hosts => hosts;

    internal RecordsDatabase Database { get; private set; } = null!;

    internal JournalRecorder Recorder { get; private set; } = null!;

    internal Projector Projector { get; private set; } = null!;

    internal static async Task<LedgerPair> OpenAsync(string redis, string postgres, TimeSpan repeatWindow)
    {
        var pair = new LedgerPair();
        var settings = new RecordsSettings { Postgres = postgres };
        pair.Database = new RecordsDatabase(settings);
        pair.owned.Add(pair.Database);
        await new Migrator(pair.Database, NullLogger<Migrator>.Instance).ApplyAsync(CancellationToken.None);
        var programs = new ProgramDirectory();
        programs.Replace([new ProgramProfile { Number = 1, Id = new Ulid(1), Name = "Run", TimeZone = "UTC", BinRanges = [] }]);
        for (var host = 0; host < 2; host++)
        {
            var ledger = await Ledger<AuthorizationDecide>.OpenAsync(
                new LedgerSettings { Redis = redis, RepeatWindow = repeatWindow },
                new LedgerRegistry(pair.Database),
                new History(pair.Database),
                new AuthorizationDecide(programs, repeatWindow),
                TimeProvider.System,
                NullLoggerFactory.Instance,
                CancellationToken.None);
            pair.hosts.Add(ledger);
            pair.owned.Add(ledger);
        }

        var metrics = new RecordsMetrics(TimeProvider.System);
        pair.Recorder = new JournalRecorder(pair.hosts[0].Journal, pair.Database, settings, metrics, TimeProvider.System, NullLogger<JournalRecorder>.Instance);
        pair.Projector = new Projector(pair.hosts[0].Journal, pair.Database, settings, metrics, TimeProvider.System, NullLogger<Projector>.Instance);
        await pair.Recorder.StartAsync(CancellationToken.None);
        await pair.Projector.StartAsync(CancellationToken.None);
        return pair;
    }

    public async ValueTask DisposeAsync()
    {
        await Recorder.StopAsync(CancellationToken.None);
        await Projector.StopAsync(CancellationToken.None);
        owned.Reverse();
        foreach (var item in owned)
            await item.DisposeAsync();
        Recorder.Dispose();
        Projector.Dispose();
    }
}
