namespace Processor.Switch;

/// <summary>
/// The deadlines of a host's requests, in buckets of <see cref="TickMilliseconds"/>: adding and removing are a few
/// instructions under a bucket's own lock, and one timer serves all. A deadline comes up to two ticks late, never early.
/// </summary>
internal sealed class DeadlineWheel : IDisposable
{
    /// <summary>Width of a bucket.</summary>
    internal const int TickMilliseconds = 10;

    private readonly TimeProvider clock;
    private readonly Bucket[] buckets;
    private readonly ITimer timer;
    private readonly long start;
    private readonly int mask;
    private long current;
    private int isAdvancing;

    /// <param name="clock">The host's clock.</param>
    /// <param name="deadlineMax">The longest time that is ever asked of <see cref="Add"/>.</param>
    internal DeadlineWheel(TimeProvider clock, TimeSpan deadlineMax)
    {
        this.clock = clock;
        var ticks = (int)(deadlineMax.TotalMilliseconds / TickMilliseconds) + 3;
        buckets = new Bucket[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)ticks)];
        for (var index = 0; index < buckets.Length; index++)
            buckets[index] = new();
        mask = buckets.Length - 1;
        start = clock.GetTimestamp();
        var period = TimeSpan.FromMilliseconds(TickMilliseconds);
        timer = clock.CreateTimer(static state => ((DeadlineWheel)state!).Advance(), this, period, period);
    }

    /// <summary>Adds an entry that is in no wheel.</summary>
    /// <param name="entry">Its owner is told unless it is removed before.</param>
    /// <param name="milliseconds">From now.</param>
    internal void Add(DeadlineEntry entry, int milliseconds)
    {
        var due = TickNow() + ((milliseconds + TickMilliseconds - 1) / TickMilliseconds) + 1;
        while (!buckets[due & mask].TryAdd(entry, (int)(due & mask), due, ref current))
            due = Volatile.Read(ref current) + 1;
    }

    /// <summary>Takes an entry out; after it returns the wheel does not touch the entry. Harmless when it is out already.</summary>
    internal void Remove(DeadlineEntry entry)
    {
        var bucket = entry.Bucket;
        if (bucket != DeadlineEntry.Nowhere)
            buckets[bucket].Remove(entry, bucket);
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private long TickNow() => (long)clock.GetElapsedTime(start).TotalMilliseconds / TickMilliseconds;

    private void Advance()
    {
        if (Interlocked.Exchange(ref isAdvancing, 1) != 0)
            return;
        try
        {
            var now = TickNow();
            var first = Math.Max(current + 1, now - buckets.Length + 1);
            for (var tick = first; tick <= now; tick++)
            {
                // What expired is told outside the lock: answering takes a connection's lock.
                for (var entry = buckets[tick & mask].Expire(tick, ref current); entry is not null;)
                {
                    var next = entry.Next;
                    entry.Next = null;
                    entry.Owner.OnExpired();
                    entry = next;
                }
            }
        }
        finally
        {
            Volatile.Write(ref isAdvancing, 0);
        }
    }

    private sealed class Bucket
    {
        private readonly Lock gate = new();
        private DeadlineEntry? first;

        internal bool TryAdd(DeadlineEntry entry, int index, long due, ref long current)
        {
            lock (gate)
            {
                // The tick was served while we came here: it would be served again only after a whole turn.
                if (due <= Volatile.Read(ref current))
                    return false;
                entry.Previous = null;
                entry.Next = first;
                if (first is not null)
                    first.Previous = entry;
                first = entry;
                entry.Bucket = index;
                return true;
            }
        }

        internal void Remove(DeadlineEntry entry, int index)
        {
            lock (gate)
            {
                if (entry.Bucket == index)
                    Unlink(entry);
            }
        }

        internal DeadlineEntry? Expire(long tick, ref long current)
        {
            DeadlineEntry? expired = null;
            lock (gate)
            {
                Volatile.Write(ref current, tick);
                while (first is { } entry)
                {
                    // Asked before it is unlinked: an owner that finds its entry nowhere may be used again at once.
                    var isExpired = entry.Owner.TryExpire();
                    Unlink(entry);
                    if (!isExpired)
                        continue;
                    entry.Next = expired;
                    expired = entry;
                }
            }

            return expired;
        }

        private void Unlink(DeadlineEntry entry)
        {
            if (entry.Previous is { } previous)
                previous.Next = entry.Next;
            else
                first = entry.Next;
            if (entry.Next is { } next)
                next.Previous = entry.Previous;
            entry.Previous = null;
            entry.Next = null;
            entry.Bucket = DeadlineEntry.Nowhere;
        }
    }
}
