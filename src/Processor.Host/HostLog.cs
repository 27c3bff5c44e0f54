namespace Processor.Host;

/// <summary>What the host says to operators. Event numbers 1000 to 1099.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1000, LogLevel.Warning, "The programs could not be read again; the ones at hand stay.")]
    internal static partial void RefreshFailed(ILogger logger, Exception problem);

    [LoggerMessage(1001, LogLevel.Warning, "Due holds could not be settled; they will be tried again.")]
    internal static partial void DueHoldsFailed(ILogger logger, Exception problem);

    [LoggerMessage(1002, LogLevel.Information, "The demo program is seeded, with {LoadCards} cards for load.")]
    internal static partial void Seeded(ILogger logger, int loadCards);

    [LoggerMessage(1003, LogLevel.Warning, "Some figures could not be read for the metrics; the others were told.")]
    internal static partial void NotObserved(ILogger logger, Exception problem);

    [LoggerMessage(1004, LogLevel.Warning, "Two instruments of different kinds are called {Name}; the second one is not told.")]
    internal static partial void MetricNameTaken(ILogger logger, string name);
}
