using Processor.Cards;

namespace Processor.Ledger;

/// <summary>Makes identifiers in the order of time: 48 bits of milliseconds, 24 bits of writer, 56 bits of a counter.</summary>
/// <remarks>A writer's number is never given twice, so no two hosts make the same identifier. Used by one lane at a time.</remarks>
internal sealed class IdSource(int writer, int partition)
{
    /// <summary>For aggregates that no ledger owns, as in tests of decisions.</summary>
    internal static readonly IdSource Unregistered = new(0, 0);

    private long counter;

    internal Ulid Next(long now) =>
        new(((UInt128)(ulong)now << 80) | ((UInt128)(uint)writer << 56) | ((UInt128)(uint)partition << 40) | (ulong)Interlocked.Increment(ref counter));

    /// <summary>A version that no other write has: 24 bits of writer, 40 bits of a counter.</summary>
    internal ulong NextVersion() => ((ulong)(uint)writer << 40) | (ulong)Interlocked.Increment(ref counter);
}
