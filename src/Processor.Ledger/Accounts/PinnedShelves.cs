using System.Collections.Concurrent;

namespace Processor.Ledger;

/// <summary>Fills the shelves of every <see cref="PinnedStock{T}"/>, one after the other, on one thread of its own: on the pool's, which lanes
/// and connections share, a few of them would hold up everything while the collector sweeps.</summary>
internal static class PinnedShelves
{
    private static readonly BlockingCollection<Action> Wanting = StartFilling();

    /// <summary>Has a shelf filled soon. Its owner does not ask again before that.</summary>
    /// <param name="fill">Makes arrays until the shelf is full. Throws nothing.</param>
    internal static void Ask(Action fill) => Wanting.Add(fill);

    private static BlockingCollection<Action> StartFilling()
    {
        var wanting = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var fill in wanting.GetConsumingEnumerable())
                fill();
        })
        { IsBackground = true, Name = "Pinned memory" }.Start();
        return wanting;
    }
}
