using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Host;

/// <summary>Has idle accounts release holds whose time has passed; accounts in use do so by themselves.</summary>
internal sealed class DueHoldsWorker(ILedger ledger, DueAccountQueries accounts, TimeProvider clock, ILogger<DueHoldsWorker> log) : BackgroundService
{
    // Accounts that are settled at a time.
    private const int AccountsMax = 500;

    // How often Postgres is asked: seldom when all was settled, soon when there was more. It takes Postgres less than the shorter time to
    // learn of what was settled.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IntervalOfMany = TimeSpan.FromSeconds(1);

    // Where the next page begins: an account that cannot be settled now must not keep others from it.
    private (Ulid Account, DateTimeOffset Due) reached;

    /// <summary>Settles the next accounts that Postgres knows to be due, and begins anew after the last.</summary>
    /// <returns>How many; <see cref="AccountsMax"/> when there may be more.</returns>
    internal async Task<int> SettleAsync(CancellationToken cancellation)
    {
        var page = await accounts.ListAsync(clock.GetUtcNow(), reached, AccountsMax, cancellation);
        reached = page.Count < AccountsMax ? default : page[^1];
        await Task.WhenAll(page.Select(due => ledger.RunAsync(new SettleDueCommand { AccountId = due.Account })));
        return page.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = Interval;
        while (true)
        {
            await Task.Delay(interval, clock, stoppingToken);
            try
            {
                interval = await SettleAsync(stoppingToken) < AccountsMax ? Interval : IntervalOfMany;
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                interval = Interval;
                HostLog.DueHoldsFailed(log, problem);
            }
        }
    }
}
