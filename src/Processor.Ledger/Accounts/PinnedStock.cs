namespace Processor.Ledger;

/// <summary>Pinned arrays of a power of two in length, made before they are wanted.</summary>
/// <remarks>While the collector sweeps what is old, whoever asks it for a pinned array waits until that is done, which was seen to take
/// 60 ms, and every request of a lane would wait with it. So lanes take arrays that are there, and a thread of the pool waits.</remarks>
/// <typeparam name="T">What stands in them; without references.</typeparam>
internal static class PinnedStock<T>
    where T : unmanaged
{
    private const int MostBits = 16;

    // Of each length so many that an ordinary second of a busy host finds one.
    private const int ItemsAtFirst = 512;
    private const int LeastItems = 8;

    private static readonly Shelf[] Shelves = [.. Enumerable.Range(0, MostBits + 1).Select(bits => new Shelf(bits))];

    /// <summary>An array of zeros that is the caller's from now on.</summary>
    /// <param name="bits">The binary logarithm of its length, 16 at most.</param>
    internal static T[] Take(int bits) => Shelves[bits].Take();

    private static T[] Make(int bits) => GC.AllocateArray<T>(1 << bits, pinned: true);

    private sealed class Shelf(int bits) : IThreadPoolWorkItem
    {
        private readonly Lock gate = new();
        private readonly T[]?[] items = new T[]?[Math.Max(LeastItems, ItemsAtFirst >> bits)];
        private int count;
        private bool isFilled;

        public void Execute()
        {
            while (true)
            {
                lock (gate)
                {
                    if (count == items.Length)
                    {
                        isFilled = false;
                        return;
                    }
                }

                var made = Make(bits);
                lock (gate)
                    items[count++] = made;
            }
        }

        internal T[] Take()
        {
            lock (gate)
            {
                if (count <= items.Length / 2 && !isFilled)
                    isFilled = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                if (count > 0)
                {
                    var taken = items[--count]!;
                    items[count] = null;
                    return taken;
                }
            }

            return Make(bits);
        }
    }
}
