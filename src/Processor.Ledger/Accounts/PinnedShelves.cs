using System.Collections.Concurrent;

namespace Processor.Ledger;

/// <summary>Fills the shelves of every <see cref="PinnedStock{T}"/>, one after the other, on one thread of its own: on the pool's, which lanes
/// and connections share, a few of them would hold up everything while the collector sweeps.</summary>
internal static class PinnedShelves
{
    private static readonly BlockingCollection<IPinnedShelf> Wanting = StartFilling();

    /// <summary>Has a shelf filled soon. Its owner does not ask again before that.</summary>
    internal static void Fill(IPinnedShelf shelf) => Wanting.Add(shelf);

    private static BlockingCollection<IPinnedShelf> StartFilling()
    {
        var wanting = new BlockingCollection<IPinnedShelf>();
        new Thread(() =>
        {
            foreach (var shelf in wanting.GetConsumingEnumerable())
                shelf.Fill();
        })
        { IsBackground = true, Name = "Pinned memory" }.Start();
        return wanting;
    }
}
