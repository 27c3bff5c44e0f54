using Processor.Authorization;
using Processor.Records;

namespace Processor.Host;

/// <summary>Keeps the commands that wait for chips as Postgres has them.</summary>
internal sealed class ScriptRefresh(ScriptDirectory scripts, ScriptQueries queries, ProcessorOptions options, TimeProvider clock, ILogger<ScriptRefresh> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    internal async Task RefreshAsync(CancellationToken cancellation)
    {
        var orders = await queries.ListAsync(clock.GetUtcNow(), TimeSpan.FromMinutes(options.RepeatWindowMinutes), cancellation);
        scripts.Replace(orders, number => HostLog.ScriptRefused(log, number));
    }

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
                HostLog.ScriptRefreshFailed(log, problem);
            }
        }
    }
}
