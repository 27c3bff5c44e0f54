namespace Processor.Ledger;

/// <summary>Pinned arrays of a power of two in length, made before they are wanted.</summary>
/// <remarks>While the collector sweeps what is old, whoever asks it for a pinned array waits until that is done, which was seen to take
/// 60 ms, and every request of a lane would wait with it. So lanes take arrays that are there, and a thread of its own makes others. Where
/// there is none left, as when accounts are loaded by the thousand, the taker makes one and may wait.</remarks>
/// <typeparam name="T">What stands in them; without references.</typeparam>
internal static class PinnedStock<T>
    where T : unmanaged
{
    /// <summary>The binary logarithm of the greatest length.</summary>
    internal const int MostBits = 7;

    private const int LeastItems = 8;

    // Of short ones more than of long ones: a second of a busy host takes some hundred.
    private const int ItemsOfLengthOne = 2048;

    private static readonly Shelf[] Shelves = [.. Enumerable.Range(0, MostBits + 1).Select(bits => new Shelf(bits))];

    /// <summary>An array of zeros that is the caller's from now on.</summary>
    /// <param name="bits">The binary logarithm of its length, at most <see cref="MostBits"/>.</param>
    internal static T[] Take(int bits) => Shelves[bits].Take();

    private static T[] Make(int bits) => GC.AllocateArray<T>(1 << bits, pinned: true);

    private sealed class Shelf(int bits)
    {
        private readonly Lock gate = new();
        private readonly T[]?[] items = new T[]?[Math.Max(LeastItems, ItemsOfLengthOne >> bits)];
        private int count;
        private bool isFilling;

        internal T[] Take()
        {
            lock (gate)
            {
                if (count <= items.Length / 2 && !isFilling)
                {
                    isFilling = true;
                    PinnedShelves.Ask(Fill);
                }

                if (count > 0)
                {
                    var taken = items[--count]!;
                    items[count] = null;
                    return taken;
                }
            }

            return Make(bits);
        }

        private void Fill()
        {
            try
            {
                while (GoesOnFilling())
                {
                    var made = Make(bits);
                    lock (gate)
                        items[count++] = made;
                }
            }
            catch (OutOfMemoryException)
            {
                // Whoever finds the shelf empty hears of it.
                lock (gate)
                    isFilling = false;
            }
        }

        private bool GoesOnFilling()
        {
            lock (gate)
                return isFilling = count < items.Length;
        }
    }
}
