using Processor.Authorization;
using Processor.Records;

namespace Processor.Host;

/// <summary>Keeps the programs of this host as Postgres has them.</summary>
internal sealed class ProgramRefresh(ProgramDirectory programs, ProgramQueries queries, TimeProvider clock, ILogger<ProgramRefresh> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    internal async Task RefreshAsync(CancellationToken cancellation) => programs.Replace(await queries.ListAsync(cancellation));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                HostLog.RefreshFailed(log, problem);
            }
        }
    }
}
