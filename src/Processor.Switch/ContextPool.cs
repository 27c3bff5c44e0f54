namespace Processor.Switch;

/// <summary>Contexts that wait for their next message. A host has one; it keeps a bounded number.</summary>
internal sealed class ContextPool(Switchboard board, int capacity)
{
    private readonly Lock gate = new();
    private readonly AuthorizationContext[] free = new AuthorizationContext[capacity];
    private int count;

    /// <summary>A context that nobody else has.</summary>
    internal AuthorizationContext Rent()
    {
        lock (gate)
        {
            if (count > 0)
                return free[--count];
        }

        return new(board);
    }

    /// <summary>Takes a context back; it has been cleared.</summary>
    internal void Return(AuthorizationContext context)
    {
        lock (gate)
        {
            if (count < free.Length)
                free[count++] = context;
        }
    }
}
