namespace Processor.Host;

/// <summary>What the host says to operators. Event numbers 1000 to 1099.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1000, LogLevel.Warning, "The programs could not be read again; the ones at hand stay.")]
    internal static partial void RefreshFailed(ILogger logger, Exception problem);

    [LoggerMessage(1014, LogLevel.Warning, "Order {Number} for a chip makes no sense and is left out.")]
    internal static partial void ScriptRefused(ILogger logger, int number);

    [LoggerMessage(1015, LogLevel.Warning, "The orders for chips could not be read again; the ones at hand stay.")]
    internal static partial void ScriptRefreshFailed(ILogger logger, Exception problem);

    [LoggerMessage(1001, LogLevel.Warning, "Due holds could not be settled; they will be tried again.")]
    internal static partial void DueHoldsFailed(ILogger logger, Exception problem);

    [LoggerMessage(1002, LogLevel.Information, "The demo program is seeded, with {LoadCards} cards for load.")]
    internal static partial void Seeded(ILogger logger, int loadCards);

    [LoggerMessage(1003, LogLevel.Warning, "Some figures could not be read for the metrics; the others were told.")]
    internal static partial void NotObserved(ILogger logger, Exception problem);

    [LoggerMessage(1004, LogLevel.Warning, "Two instruments of different kinds are called {Name}; the second one is not told.")]
    internal static partial void MetricNameTaken(ILogger logger, string name);

    [LoggerMessage(1005, LogLevel.Information, "{Count} of {Begun} cards whose issuance was left have been finished.")]
    internal static partial void CardsFinished(ILogger logger, int count, int begun);

    [LoggerMessage(1006, LogLevel.Warning, "The issuance of card {CardId} could not be finished; it will be tried again.")]
    internal static partial void CardNotFinished(ILogger logger, Exception problem, Cards.Ulid cardId);

    [LoggerMessage(1007, LogLevel.Warning, "Cards whose issuance was left could not be looked for; they will be looked for again.")]
    internal static partial void BegunCardsFailed(ILogger logger, Exception problem);

    [LoggerMessage(1008, LogLevel.Information, "Another process changed the file of keys; this host goes by it from now on.")]
    internal static partial void KeysRefreshed(ILogger logger);

    [LoggerMessage(1009, LogLevel.Error, "The file of keys cannot be used; the keys at hand stay, and it is looked at again each second.")]
    internal static partial void KeysNotRefreshed(ILogger logger, Exception problem);

    [LoggerMessage(1010, LogLevel.Information, "PANs are encrypted under data key {Version} from now on.")]
    internal static partial void DataKeyActive(ILogger logger, int version);

    [LoggerMessage(1011, LogLevel.Information, "{Count} data keys are wrapped with version {Version} of the key file now.")]
    internal static partial void DataKeysRewrapped(ILogger logger, int count, int version);

    [LoggerMessage(1012, LogLevel.Information, "{Count} PANs were encrypted again, under data key {Version}.")]
    internal static partial void PansRewrapped(ILogger logger, int count, int version);

    [LoggerMessage(1013, LogLevel.Warning, "The keys of PANs could not be looked after; that is tried again.")]
    internal static partial void VaultFailed(ILogger logger, Exception problem);
}
