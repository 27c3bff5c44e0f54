using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Processor.Records;

namespace Processor.Api;

/// <summary>Removes idempotency keys that were kept long enough, once an hour.</summary>
internal sealed class IdempotencyKeyExpiry(IdempotencyKeyQueries keys, TimeProvider clock, ILogger<IdempotencyKeyExpiry> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await ForgetAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task ForgetAsync(CancellationToken cancellation)
    {
        try
        {
            ApiLog.Forgot(log, await keys.ForgetAsync(clock.GetUtcNow() - IdempotentRequests.KeptFor, cancellation));
        }
        catch (NpgsqlException problem)
        {
            ApiLog.NotForgotten(log, problem);
        }
    }
}
