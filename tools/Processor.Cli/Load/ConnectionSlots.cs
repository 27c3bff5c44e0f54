namespace Processor.Cli.Load;

/// <summary>The requests of one connection that wait for an answer, found by their trace number. Not for several threads at once.</summary>
internal sealed class ConnectionSlots
{
    /// <summary>How many can wait; one more takes the place of the oldest, which then counts as unanswered.</summary>
    public const int Capacity = 1 << 16;

    private readonly long[] dueTimes = new long[Capacity];
    private readonly int[] stans = new int[Capacity];
    private readonly RequestDetails[] details;

    /// <param name="keepsDetails">True when what was sent is wanted again with the answer.</param>
    public ConnectionSlots(bool keepsDetails) => details = keepsDetails ? new RequestDetails[Capacity] : [];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a request in.</summary>
    /// <param name="request">The request; its trace number is above 0.</param>
    /// <param name="due">When it was due.</param>
    public void Put(in RequestDetails request, long due)
    {
        int slot = request.Stan & (Capacity - 1);
        if (stans[slot] == 0)
            Count++;
        stans[slot] = request.Stan;
        dueTimes[slot] = due;
        if (details.Length > 0)
            details[slot] = request;
    }

    /// <summary>Takes a request out.</summary>
    /// <param name="stan">Its trace number.</param>
    /// <param name="due">When it was due.</param>
    /// <param name="request">What was sent; default when details are not kept.</param>
    /// <returns>False when no such request waits.</returns>
    public bool TryTake(int stan, out long due, out RequestDetails request)
    {
        int slot = stan & (Capacity - 1);
        due = dueTimes[slot];
        request = default;
        if (stan == 0 || stans[slot] != stan)
            return false;
        stans[slot] = 0;
        Count--;
        if (details.Length > 0)
            request = details[slot];
        return true;
    }

    /// <summary>Forgets all that wait.</summary>
    public void Clear()
    {
        Array.Clear(stans);
        Count = 0;
    }
}
