namespace Processor.Testing;

/// <summary>Counts what work that ought to allocate nothing leaves for the collector.</summary>
public static class Allocation
{
    private const int RoundsMax = 20;

    /// <summary>Plays the same round on this thread until one allocates nothing.</summary>
    /// <param name="round">One round: enough runs of the work that what each of them allocates is seen.</param>
    /// <returns>
    /// The bytes of the round that allocated least. What the work allocates it allocates in every round; what the runtime does once, as it
    /// compiles a loop anew when it has become hot, is in one round and not in the next.
    /// </returns>
    public static long LeastBytes(Action round)
    {
        long least = long.MaxValue;
        for (int played = 0; played < RoundsMax && least > 0; played++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
