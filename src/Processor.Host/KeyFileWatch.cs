using Processor.Security;

namespace Processor.Host;

/// <summary>Takes over what other hosts and officers do to the file of keys that this host's security module shares with them.</summary>
internal sealed class KeyFileWatch(SecurityModule module, TimeProvider clock, ILogger<KeyFileWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private bool isFailing;

    /// <summary>Looks once.</summary>
    internal void Refresh(SoftwareHsm shared)
    {
        try
        {
            if (shared.RefreshKeys())
                HostLog.KeysRefreshed(log);
            isFailing = false;
        }
        catch (Exception problem) when (problem is KeyFileException or IOException or UnauthorizedAccessException)
        {
            // Once, not every second.
            if (!isFailing)
                HostLog.KeysNotRefreshed(log, problem);
            isFailing = true;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (module.WithFile is not { } shared)
            return;
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Refresh(shared);
    }
}
