using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Processor.Ledger;
using Processor.Testing;
using Xunit;

namespace Processor.Records.Tests;

public sealed class RecordsServicesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData(true, true, 3)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 2)]
    [InlineData(false, false, 0)]
    public async Task A_host_runs_what_its_role_asks_for(bool isRecorder, bool isProjector, int count)
    {
        await using var services = Services(new RecordsSettings { Postgres = await postgres.CreateDatabaseAsync(), IsRecorder = isRecorder, IsProjector = isProjector });

        Assert.Equal(count, services.GetServices<IHostedService>().Count());
        Assert.NotNull(services.GetRequiredService<IHistory>());
        Assert.NotNull(services.GetRequiredService<ILedgerRegistry>());
    }

    [Fact]
    public async Task A_running_host_records_and_projects_what_the_ledger_commits()
    {
        await using var services = Services(new RecordsSettings { Postgres = await postgres.CreateDatabaseAsync(), DrainedInterval = TimeSpan.Zero });
        await services.GetRequiredService<Migrator>().ApplyAsync(CancellationToken.None);
        await services.GetRequiredService<ILedgerRegistry>().JoinAsync(1, CancellationToken.None);
        var streams = (StreamsInMemory)services.GetRequiredService<IJournal>();
        var account = new TestAccount(1).Open(100_00);
        account.Authorize(1, 5_00);
        streams.Add(0, account.Commit());
        var announced = new TaskCompletionSource();
        streams.OnAnnounce = announced.SetResult;

        foreach (var service in services.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);
        await announced.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var lags = Measure();
        foreach (var service in services.GetServices<IHostedService>())
            await service.StopAsync(CancellationToken.None);

        var balances = await services.GetRequiredService<AccountQueries>().ListBalancesAsync(account.Id, CancellationToken.None);
        Assert.Equal(5_00, Assert.Single(balances).Held);
        Assert.InRange(lags["processor_journal_lag_seconds"], 0, 60);
        Assert.InRange(lags["processor_projection_lag_seconds"], 0, 60);
    }

    private static Dictionary<string, double> Measure()
    {
        var found = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == RecordsMetrics.MeterName)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => found[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return found;
    }

    private static ServiceProvider Services(RecordsSettings settings) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton<IJournal>(new StreamsInMemory(partitions: 1))
        .AddRecords(settings)
        .BuildServiceProvider(validateScopes: true);
}
