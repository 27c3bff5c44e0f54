using Microsoft.Extensions.Logging;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>What the ledger says to operators. Event numbers 4000 to 4099.</summary>
internal static partial class LedgerLog
{
    [LoggerMessage(4000, LogLevel.Information, "Joined the ledger as writer {Writer}: {Partitions} partitions in {Lanes} lanes.")]
    internal static partial void Joined(ILogger logger, int writer, int partitions, int lanes);

    [LoggerMessage(4001, LogLevel.Critical, "Partition {Partition} is stopped: Redis has epoch '{Found}', Postgres {Expected}. Redis has lost or rewound its state.")]
    internal static partial void Stopped(ILogger logger, int partition, string found, long expected);

    [LoggerMessage(4002, LogLevel.Error, "A decision on account {Account} threw; the operation was not carried out.")]
    internal static partial void DecisionFailed(ILogger logger, Exception problem, Ulid account);

    [LoggerMessage(4003, LogLevel.Warning, "Partition {Partition}: the outcome of batch {Batch} is not known; it is sent again. {Reason}")]
    internal static partial void SentAgain(ILogger logger, int partition, long batch, string reason);

    [LoggerMessage(4004, LogLevel.Error, "Partition {Partition}: batch {Batch} was refused and given up. {Reason}")]
    internal static partial void GivenUp(ILogger logger, int partition, long batch, string reason);

    [LoggerMessage(4005, LogLevel.Error, "Account {Account} cannot be loaded. {Reason}")]
    internal static partial void LoadFailed(ILogger logger, Ulid account, string reason);

    [LoggerMessage(4006, LogLevel.Error, "History of account {Account} cannot be read.")]
    internal static partial void HistoryFailed(ILogger logger, Exception problem, Ulid account);

    [LoggerMessage(4007, LogLevel.Critical, "Lane {Lane} stopped by a mistake of our own.")]
    internal static partial void LaneFailed(ILogger logger, Exception problem, int lane);

    [LoggerMessage(4008, LogLevel.Error, "Partition {Partition}: the journal has reached its bound; requests are declined until the recorder has caught up.")]
    internal static partial void JournalFull(ILogger logger, int partition);

    [LoggerMessage(4009, LogLevel.Warning, "Redis does not have a batch on disk when it answers (appendfsync is {Fsync}): the loss of its machine loses approvals that have been told.")]
    internal static partial void WeakPromise(ILogger logger, string fsync);

    [LoggerMessage(4010, LogLevel.Critical, "Redis forgets when its memory is full: set maxmemory-policy noeviction, or balances will be lost.")]
    internal static partial void Evicting(ILogger logger);

    [LoggerMessage(4011, LogLevel.Warning, "The ledger could not be looked after just now: {Reason}")]
    internal static partial void NotKept(ILogger logger, string reason);

    [LoggerMessage(4012, LogLevel.Information, "Partition {Partition}: run {Run} of Redis has what was committed.")]
    internal static partial void Admitted(ILogger logger, int partition, string run);

    [LoggerMessage(4013, LogLevel.Warning, "Partition {Partition} is rebuilt from the records, for epoch {Epoch}.")]
    internal static partial void Rebuilding(ILogger logger, int partition, long epoch);

    [LoggerMessage(4014, LogLevel.Critical, "Partition {Partition}: what was acknowledged behind entry {Last} of epoch {Epoch} may be lost for good: {Reason}. An operator must say that it is to be rebuilt from the rest.")]
    internal static partial void LossFound(ILogger logger, int partition, string last, long epoch, string reason);

    [LoggerMessage(4015, LogLevel.Warning, "Partition {Partition} is rebuilt in epoch {Epoch}: {Accounts} accounts.")]
    internal static partial void Rebuilt(ILogger logger, int partition, long epoch, int accounts);

    [LoggerMessage(4017, LogLevel.Warning, "Partition {Partition}: its journal in Redis takes {Bytes} of {Most} bytes. Beyond that requests are declined; see whether the recorder and Postgres are well.")]
    internal static partial void JournalHalfFull(ILogger logger, int partition, long bytes, long most);

    [LoggerMessage(4016, LogLevel.Warning, "Partition {Partition} goes on in epoch {Epoch}.")]
    internal static partial void Resumed(ILogger logger, int partition, long epoch);

    [LoggerMessage(4018, LogLevel.Information, "Connected to Redis at {Endpoint}.")]
    internal static partial void Connected(ILogger logger, RedisEndpoint endpoint);

    [LoggerMessage(4019, LogLevel.Warning, "The connection to Redis at {Endpoint} is lost: {Reason}")]
    internal static partial void ConnectionLost(ILogger logger, RedisEndpoint endpoint, string reason);

    [LoggerMessage(4020, LogLevel.Debug, "A Redis did not tell which node serves what: {Reason}")]
    internal static partial void NotFound(ILogger logger, string reason);

    [LoggerMessage(4021, LogLevel.Warning, "There is no connection to Redis at {Endpoint}: {Reason}")]
    internal static partial void NotConnected(ILogger logger, RedisEndpoint endpoint, string reason);

    [LoggerMessage(4022, LogLevel.Warning, "{Count} Redis say that they are the master, and are no Cluster. The ledger writes to: {Endpoint}.")]
    internal static partial void SeveralMasters(ILogger logger, int count, string endpoint);

    [LoggerMessage(4023, LogLevel.Warning, "Partition {Partition}: nothing was heard of writer {Writer}, so nothing more is taken from it. It committed nothing behind entry {Last}.")]
    internal static partial void StruckOut(ILogger logger, int partition, int writer, string last);

    [LoggerMessage(4024, LogLevel.Warning, "Partition {Partition}: this host was struck out because nobody heard of it; it goes on.")]
    internal static partial void StruckIn(ILogger logger, int partition);

    [LoggerMessage(4025, LogLevel.Critical, "Partition {Partition}: what was acknowledged behind entry {Last} of epoch {Epoch} is lost: {Reason}.")]
    internal static partial void HandedInLate(ILogger logger, int partition, string last, long epoch, string reason);
}
