using Processor.Ledger;
using Processor.Records;

namespace Processor.EndToEnd.Tests;

/// <summary>How two hosts run beside each other.</summary>
internal sealed record PairSettings
{
    /// <summary>Npgsql's words for the database of both.</summary>
    internal required string Postgres { get; init; }

    /// <summary>Redis as each host reaches it: one is good for both.</summary>
    internal required IReadOnlyList<string> Redis { get; init; }

    /// <summary>The clock of each host: one is good for both.</summary>
    internal IReadOnlyList<TimeProvider> Clocks { get; init; } = [TimeProvider.System];

    /// <summary>The clock of recorders.</summary>
    internal TimeProvider RecorderClock { get; init; } = TimeProvider.System;

    /// <summary>How long a resolved hold stays in Redis.</summary>
    internal TimeSpan RepeatWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Changes the ledger's settings of each host.</summary>
    internal Func<LedgerSettings, LedgerSettings> Ledger { get; init; } = settings => settings;

    /// <summary>Changes the settings of recorder and projector.</summary>
    internal Func<RecordsSettings, RecordsSettings> Records { get; init; } = settings => settings;

    /// <summary>Puts something between a host, by its number, and what it agrees on with the others.</summary>
    internal Func<int, ILedgerRecovery, ILedgerRecovery> Recovery { get; init; } = (_, recovery) => recovery;

    /// <summary>Puts something between the hosts and what Postgres remembers.</summary>
    internal Func<IHistory, IHistory> History { get; init; } = history => history;

    /// <summary>Puts something between the recorder and the streams.</summary>
    internal Func<IJournal, IJournal> Journal { get; init; } = journal => journal;
}
