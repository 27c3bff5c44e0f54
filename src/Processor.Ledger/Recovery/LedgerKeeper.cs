using System.Globalization;
using System.Threading.Channels;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>
/// Looks after a host's partitions once a second, and at once when a lane asks: whether Redis still is what it was, how far Postgres has
/// come, and what must be done when an epoch has ended.
/// </summary>
/// <remarks>
/// A Redis that has started anew does not know the script that this host writes and reads accounts with, so nothing is written to it and nothing told of it
/// before this host and every other that lives have looked and found all that they know of. See docs/ledger.md.
/// </remarks>
internal sealed class LedgerKeeper<TDecide>(Partition<TDecide>[] partitions, PartitionContext context, ILedgerRecovery? recovery, ICardDirectory cards)
    where TDecide : struct, IDecide
{
    // What stands in the metadata instead of an epoch while no epoch is valid.
    private const string Ended = "ended";
    private const string EpochField = "epoch";

    // The mark of who rebuilds stands in the metadata. What bears another comes too late: its sender lost the partition's lock meanwhile.
    private const string Marked = "if redis.call('HGET', KEYS[1], 'rebuild') ~= ARGV[1] then return redis.error_reply('TAKEN another rebuilds') end ";
    private const string BeginScript = "redis.call('DEL', KEYS[1], KEYS[2]) redis.call('HSET', KEYS[1], 'rebuild', ARGV[1], 'epoch', ARGV[2])";
    private const string EmptyScript = Marked + "redis.call('DEL', KEYS[2])";
    private const string WriteScript = Marked + "redis.call('HSET', KEYS[2], unpack(ARGV, 2))";

    // The journal begins with an entry of its own, so that it never ends below what is recorded.
    private const string EndScript = Marked + """
        redis.call('XADD', KEYS[2], ARGV[2] .. '-0', 'e', '')
        redis.call('XTRIM', KEYS[2], 'MAXLEN', 0)
        redis.call('HDEL', KEYS[1], 'rebuild')
        redis.call('HSET', KEYS[1], 'epoch', ARGV[2])
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    // A Postgres that does not answer at all must not keep this host from saying elsewhere that it lives.
    private static readonly TimeSpan BeatPatience = TimeSpan.FromSeconds(10);

    private readonly SilentHosts? silent = recovery is null ? null : new SilentHosts(context, recovery);
    private int rebuilds;
    private long beats;

    private readonly Channel<bool> asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Asks for a round at once.</summary>
    internal void Ask() => asked.Writer.TryWrite(true);

    /// <summary>Rounds until the host stops.</summary>
    internal async Task RunAsync()
    {
        var next = asked.Reader.WaitToReadAsync(context.Stopping).AsTask();
        while (!context.Stopping.IsCancellationRequested)
        {
            var isQuiet = await RoundAsync();
            await Task.WhenAny(next, Task.Delay(isQuiet ? Interval : Soon, context.Clock, context.Stopping));
            if (!next.IsCompletedSuccessfully)
                continue;

            // A lane that waits for a run to be admitted asks again and again.
            asked.Reader.TryRead(out _);
            next = asked.Reader.WaitToReadAsync(context.Stopping).AsTask();
            await Task.WhenAny(Task.Delay(PauseOfAsked, context.Clock, context.Stopping));
        }
    }

    /// <summary>One round over all partitions.</summary>
    /// <returns>True when nothing waits to be done.</returns>
    internal async Task<bool> RoundAsync()
    {
        IReadOnlyList<PartitionStanding>? standings = null;
        if (recovery is not null)
        {
            await TryAsync(async () =>
            {
                standings = await BeatAsync(recovery);
                return true;
            });
        }

        var isQuiet = true;
        foreach (var partition in partitions)
            isQuiet &= await TryAsync(() => LookAsync(partition, standings?[partition.Number]));
        if (standings is null)
            return isQuiet;
        return isQuiet & await TryAsync(async () =>
        {
            await silent!.LookAsync(partitions);
            return true;
        });
    }

    /// <summary>Does a part of a round. Redis or Postgres may be away, or there is a mistake of our own: then the next round tries again,
    /// and lanes do without meanwhile.</summary>
    private async Task<bool> TryAsync(Func<Task<bool>> part)
    {
        try
        {
            return await part();
        }
        catch (OperationCanceledException) when (context.Stopping.IsCancellationRequested)
        {
            return true;
        }
#pragma warning disable CA1031 // As said: whatever it is.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            LedgerLog.NotKept(context.Log, problem.Message);
            return false;
        }
    }

    private async Task<IReadOnlyList<PartitionStanding>> BeatAsync(ILedgerRecovery known)
    {
        using var patience = new CancellationTokenSource(BeatPatience, context.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.Stopping, patience.Token);
        return await known.BeatAsync(context.Writer, either.Token);
    }

    private async Task<bool> LookAsync(Partition<TDecide> partition, PartitionStanding? standing)
    {
        // Asked before all else: once the lane has begun the epoch, what is seen of the partition is all of that epoch.
        if (partition.HasNewEpoch)
            return true;
        if (standing is { } known)
        {
            // Behind the end of an epoch the position says nothing of what this host has: it may have been moved without that.
            if (known.Epoch == partition.Epoch)
                partition.Retained.TrimTo(known.Recorded);
            if (known.State != PartitionState.Ready || known.Epoch != partition.Epoch || partition.IsEnded)
                return await FollowAsync(partition, known);
        }

        if (partition.DoubtReason is { } doubt)
            return await EndAsync(partition, doubt);

        // Without news, a partition that was never written to may be one that is being rebuilt.
        if (recovery is not null && standing is null && !partition.IsAdmitted)
            return false;
        if (!partition.IsStopped && await FindOtherEpochAsync(partition) is { } other)
            return await EndAsync(partition, other);
        if (!partition.IsStopped && !await AdmitAsync(partition, standing))
            return partition.IsStopped;

        // Postgres does not see that this host lives, so that Redis must.
        if (recovery is not null && standing is null)
            await context.Redis.SetFieldAsync(RedisNames.Meta(partition.Number), WriterField.Beat(context.Writer), ++beats, onlyNew: false);
        partition.Measured(await context.Redis.BytesOfAsync(RedisNames.Journal(partition.Number)));
        var projected = await context.Redis.ReadFieldAsync(RedisNames.Meta(partition.Number), RedisJournal.ProjectedField);
        if (!projected.IsNull)
            partition.ProjectedThrough = (long)projected;
        return true;
    }

    /// <summary>Looks whether the present run of Redis has all that this host knows of, and then lets the lane write to it. A run that it wrote to before the
    /// partition was rebuilt is looked at again, for hosts that join are waiting to hear of the new epoch; nothing waits for that here.</summary>
    private async Task<bool> AdmitAsync(Partition<TDecide> partition, PartitionStanding? standing)
    {
        var meta = RedisNames.Meta(partition.Number);
        var run = await context.Redis.FindRunAsync(meta);
        var isAdmitted = partition.IsAdmitted && partition.Run == run;
        var epoch = partition.Epoch;
        if (isAdmitted && partition.ConfirmedFor == epoch)
            return true;
        if (!isAdmitted)
            partition.Withdraw();

        // What must be there is known before it is looked for: the lane may go on meanwhile.
        var known = partition.Known;
        var batch = (string?)await context.Redis.ReadFieldAsync(meta, partition.WriterField) ?? "";
        if (await FindLossAsync(partition, known, batch, standing) is { } loss)
            return await EndAsync(partition, loss);
        if (recovery is not null && !await recovery.ConfirmAsync(partition.Number, epoch, run, context.Writer, context.Stopping) && !isAdmitted)
            return false;
        partition.ConfirmedFor = epoch;
        if (isAdmitted)
            return true;

        // Only what was there before Postgres heard that this host lives is taken back: who strikes it out again from then on, counts on it.
        if (WriterField.IsStruck(batch))
        {
            await context.Redis.ReplaceFieldAsync(meta, partition.WriterField, batch, WriterField.Restore(batch));
            LedgerLog.StruckIn(context.Log, partition.Number);
        }

        var admission = await context.Redis.LoadScriptAsync(meta, run, string.Create(CultureInfo.InvariantCulture, $"writer {context.Writer} partition {partition.Number}"));

        // Had it started anew meanwhile, the script would be known to a run that nobody has looked at.
        if (await context.Redis.FindRunAsync(meta) != run)
            return false;
        partition.Admit(admission);
        LedgerLog.Admitted(context.Log, partition.Number, run);
        return true;
    }

    private async Task<string?> FindOtherEpochAsync(Partition<TDecide> partition)
    {
        var epoch = (string?)await context.Redis.ReadFieldAsync(RedisNames.Meta(partition.Number), EpochField) ?? "";
        return epoch == partition.Epoch.ToString(CultureInfo.InvariantCulture) ? null : "epoch '" + epoch + "'";
    }

    private async Task<string?> FindLossAsync(Partition<TDecide> partition, long known, string batch, PartitionStanding? standing)
    {
        if (WriterField.NumberOf(batch) < known)
            return string.Create(CultureInfo.InvariantCulture, $"no batch {known} of this host");

        var last = partition.LastEntry;
        var atLeast = standing is { } recorded && recorded.Recorded > last ? recorded.Recorded : last;
        var end = await context.Redis.FindStreamEndAsync(RedisNames.Journal(partition.Number));
        return end < atLeast ? $"a journal that ends at {end} before {atLeast}" : null;
    }

    /// <summary>Ends the epoch for all hosts: Redis is not what it was.</summary>
    private async Task<bool> EndAsync(Partition<TDecide> partition, string reason)
    {
        partition.Suspect(reason);
        if (recovery is null)
            return true;
        await recovery.EndEpochAsync(partition.Number, partition.Epoch, reason, context.Stopping);
        return false;
    }

    /// <summary>The epoch has ended, here or on another host: stop, hand in, rebuild if it falls to this host, and go on in the next.</summary>
    private async Task<bool> FollowAsync(Partition<TDecide> partition, PartitionStanding standing)
    {
        partition.End("an epoch that has ended");

        // What is known of the standing may be old by now: the epoch that it announces may be in force, and is not to be struck out. A
        // host that joined meanwhile has no other.
        if (standing.State != PartitionState.Ready && partition.Epoch < standing.Epoch)
            await context.Redis.ReplaceFieldAsync(RedisNames.Meta(partition.Number), EpochField, partition.Epoch.ToString(CultureInfo.InvariantCulture), Ended);
        if (!partition.IsIdle)
            return false;
        if (partition.HandedInFor < standing.Epoch)
        {
            if (await recovery!.HandInAsync(partition.Number, standing.Epoch, context.Writer, partition.Retained.Copy(), context.Stopping) is { } late)
                LedgerLog.HandedInLate(context.Log, partition.Number, late.Last.ToString(), late.Last.Epoch, late.Reason);
            partition.HandedInFor = standing.Epoch;
        }

        if (standing.State == PartitionState.Ready)
        {
            partition.Resume(standing.Epoch);
            return false;
        }

        if (standing.State == PartitionState.Lost)
            await RebuildAsync(partition);
        return false;
    }

    private async Task RebuildAsync(Partition<TDecide> partition)
    {
        await using var rebuild = await recovery!.TryBeginRebuildAsync(partition.Number, context.Stopping);
        if (rebuild is null)
            return;
        LedgerLog.Rebuilding(context.Log, partition.Number, rebuild.Epoch);
        if (await rebuild.CloseJournalAsync(await ReadJournalAsync(partition.Number), context.Stopping) is { } loss)
        {
            LedgerLog.LossFound(context.Log, partition.Number, loss.Last.ToString(), loss.Last.Epoch, loss.Reason);
            return;
        }

        var (meta, journal) = (RedisNames.Meta(partition.Number), RedisNames.Journal(partition.Number));
        var mark = string.Create(CultureInfo.InvariantCulture, $"{context.Writer}-{++rebuilds}");
        await context.Redis.EvaluateAsync(BeginScript, [meta, journal], [mark, Ended]);
        var count = 0;
        await foreach (var account in rebuild.ReadAccountsAsync(context.Stopping))
        {
            await WriteAsync(meta, mark, partition.Number, account);
            count++;
        }

        await context.Redis.EvaluateAsync(EndScript, [meta, journal], [mark, rebuild.Epoch.ToString(CultureInfo.InvariantCulture)]);
        if (await rebuild.FinishAsync(context.Stopping))
            LedgerLog.Rebuilt(context.Log, partition.Number, rebuild.Epoch, count);
    }

    private async Task<List<JournalEntry>> ReadJournalAsync(int partition)
    {
        var entries = new List<JournalEntry>();
        for (var from = JournalId.Zero; ; from = entries[^1].Id)
        {
            var more = await context.Redis.ReadStreamAsync(RedisNames.Journal(partition), from, ReadCount);
            entries.AddRange(more);
            if (more.Count < ReadCount)
                return entries;
        }
    }

    private async Task WriteAsync(string meta, string mark, int partition, RebuiltAccount account)
    {
        var key = RedisNames.Account(partition, account.Id);
        await context.Redis.EvaluateAsync(EmptyScript, [meta, key], [mark]);
        foreach (var fields in account.Fields.Chunk(FieldsAtOnce))
            await context.Redis.EvaluateAsync(WriteScript, [meta, key], [mark, .. fields.SelectMany(field => (RespArgument[])[field.Key, field.Value])]);
        foreach (var card in account.Cards)
            await cards.AddAsync(card.Pan, account.Id, card.Program, card.Instance, context.Stopping);
    }

    private static readonly TimeSpan PauseOfAsked = TimeSpan.FromMilliseconds(20);
    private const int ReadCount = 1_000;
    private const int FieldsAtOnce = 1_000;
}
