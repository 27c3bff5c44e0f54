using Processor.Cards;
using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>What Postgres remembers of holds, and how often somebody found something there.</summary>
internal sealed class CountedHistory
{
    private int repeats;
    private int originals;

    /// <summary>Messages that found themselves.</summary>
    internal int Repeats => Volatile.Read(ref repeats);

    /// <summary>Messages that found the one that they name.</summary>
    internal int Originals => Volatile.Read(ref originals);

    /// <summary>Counts what is found in one host's memory.</summary>
    internal IHistory Of(IHistory history) => new Counting(this, history);

    private sealed class Counting(CountedHistory counts, IHistory history) : IHistory
    {
        public async ValueTask<IReadOnlyList<KeyValuePair<UInt128, byte[]>>> FindAsync(Ulid accountId, UInt128 key, OriginalQuery original, Ulid transaction, CancellationToken cancellation)
        {
            var found = await history.FindAsync(accountId, key, original, transaction, cancellation);
            if (found.Any(hold => hold.Key == key))
                Interlocked.Increment(ref counts.repeats);
            if (found.Any(hold => hold.Key != key))
                Interlocked.Increment(ref counts.originals);
            return found;
        }
    }
}
