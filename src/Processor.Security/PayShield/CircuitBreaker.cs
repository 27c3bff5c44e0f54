namespace Processor.Security;

/// <summary>Stops asking a device that does not answer, and lets one question try now and then.</summary>
/// <remarks>Closed until so many questions in a row had no answer; then open for a while; then one question is the probe, whose answer closes it
/// and whose silence opens it for as long again. Safe from many threads.</remarks>
internal sealed class CircuitBreaker(int failuresToOpen, TimeSpan probeAfter, TimeProvider time)
{
    private readonly Lock gate = new();
    private int failures;
    private bool isOpen;
    private bool isProbing;
    private long openedAt;

    /// <summary>How often it opened.</summary>
    internal long Opened { get; private set; }

    internal bool IsOpen
    {
        get
        {
            lock (gate)
                return isOpen;
        }
    }

    /// <summary>Asks to ask. Who may, tells what became of it by exactly one of the other methods.</summary>
    /// <param name="isProbe">The question decides whether the breaker closes.</param>
    internal bool TryEnter(out bool isProbe)
    {
        lock (gate)
        {
            isProbe = false;
            if (!isOpen)
                return true;
            if (isProbing || time.GetElapsedTime(openedAt) < probeAfter)
                return false;
            isProbe = isProbing = true;
            return true;
        }
    }

    /// <summary>There was an answer.</summary>
    internal void Succeeded(bool isProbe)
    {
        lock (gate)
        {
            // An answer to a question from before it opened closes nothing: the probe decides.
            if (isOpen && !isProbe)
                return;
            failures = 0;
            isOpen = false;
            isProbing = isProbing && !isProbe;
        }
    }

    /// <summary>There was none.</summary>
    internal void Failed(bool isProbe)
    {
        lock (gate)
        {
            if (isProbe)
                isProbing = false;
            else if (isOpen || ++failures < failuresToOpen)
                return;
            isOpen = true;
            openedAt = time.GetTimestamp();
            Opened++;
        }
    }

    /// <summary>It was never asked, or nobody waits for the answer any more.</summary>
    internal void Abandoned(bool isProbe)
    {
        lock (gate)
            isProbing = isProbing && !isProbe;
    }
}
