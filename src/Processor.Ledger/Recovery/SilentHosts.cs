using System.Globalization;

namespace Processor.Ledger;

/// <summary>
/// Strikes out hosts that neither Postgres nor Redis hears of. The commit script takes nothing from a writer that is struck out, so what it
/// committed is not behind the entry that the stream ends with at that moment: once that is recorded, its death took nothing along.
/// </summary>
/// <remarks>
/// No clock decides what is true, only when somebody looks. A host that was struck out and lives after all says so to Postgres first, which
/// makes void what was noted of it, and then goes on; see <see cref="LedgerKeeper{TDecide}"/>.
/// </remarks>
internal sealed class SilentHosts(PartitionContext context, ILedgerRecovery recovery)
{
    // KEYS: journal, metadata. ARGV: epoch, run, the writer's field, what it was and becomes, the field of its beat, what that was.
    // Answer: the id that the journal ends with; nothing when something is not as it was.
    private const string StrikeScript = """
        local found = redis.call('HMGET', KEYS[2], 'epoch', ARGV[3], ARGV[6])
        if found[1] ~= ARGV[1] or (found[2] or '') ~= ARGV[4] or (found[3] or '') ~= ARGV[7] then return '' end
        if string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') ~= ARGV[2] then return '' end
        redis.call('HSET', KEYS[2], ARGV[3], ARGV[5])

        """ + RedisLink.StreamEndScript;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<SilentHost, Sight> sights = [];
    private long? lookedAt;

    /// <summary>Looks at all silent hosts, in all partitions that this host serves and that are well.</summary>
    internal async Task LookAsync<TDecide>(Partition<TDecide>[] partitions)
        where TDecide : struct, IDecide
    {
        if (lookedAt is { } last && context.Clock.GetElapsedTime(last) < Interval)
            return;
        lookedAt = context.Clock.GetTimestamp();
        var silent = await recovery.ListSilentAsync(context.Stopping);
        foreach (var heard in sights.Keys.Except(silent).ToList())
            sights.Remove(heard);
        foreach (var host in silent)
        {
            var partition = partitions[host.Partition];
            if (partition.Run is { Length: > 0 } run && !partition.IsStopped && await TryStrikeAsync(host, partition.Epoch, run) is { } end)
            {
                await recovery.StrikeOutAsync(host, end, context.Stopping);
                LedgerLog.StruckOut(context.Log, host.Partition, host.Writer, end.ToString());
            }
        }
    }

    /// <returns>The last entry that may be the host's; null while it is not struck out.</returns>
    private async Task<JournalId?> TryStrikeAsync(SilentHost host, long epoch, string run)
    {
        var meta = RedisNames.Meta(host.Partition);
        var (batchField, beatField) = (WriterField.Batch(host.Writer), WriterField.Beat(host.Writer));
        var batch = (string?)await context.Redis.ReadFieldAsync(meta, batchField) ?? "";
        var beat = (string?)await context.Redis.ReadFieldAsync(meta, beatField) ?? "";
        var now = context.Clock.GetTimestamp();
        if (!sights.TryGetValue(host, out var sight) || sight.Batch != batch || sight.Beat != beat)
            sights[host] = sight = new Sight(batch, beat, now);
        if (context.Clock.GetElapsedTime(sight.Since, now) < context.Settings.SilentFor)
            return null;

        // A field that was written or a run that ended meanwhile leaves all as it is.
        var end = (string?)await context.Redis.EvaluateAsync(
            StrikeScript,
            [RedisNames.Journal(host.Partition), meta],
            [epoch.ToString(CultureInfo.InvariantCulture), run, batchField, batch, WriterField.Strike(batch, host.SeenAt), beatField, beat]);
        return string.IsNullOrEmpty(end) ? null : JournalId.Parse(end);
    }

    private sealed record Sight(string Batch, string Beat, long Since);
}
