using Processor.Authorization;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Host;

/// <summary>Has idle accounts release holds whose time has passed; accounts in use do so by themselves.</summary>
internal sealed class DueHoldsWorker(ILedger ledger, DueAccountQueries accounts, TimeProvider clock, ILogger<DueHoldsWorker> log) : BackgroundService
{
    // How often Postgres is asked, and how many accounts are settled at a time.
    private const int AccountsMax = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var due = await accounts.ListAsync(clock.GetUtcNow(), AccountsMax, stoppingToken);
                await Task.WhenAll(due.Select(account => ledger.RunAsync(new SettleDueCommand { AccountId = account })));
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                HostLog.DueHoldsFailed(log, problem);
            }
        }
    }
}
