namespace Processor.Ledger;

/// <summary>What waits for a partition's lane: filled by any thread, emptied by the lane. Bounded.</summary>
internal sealed class Inbox(int capacity)
{
    private readonly Lock gate = new();
    private LedgerOperation? first;
    private LedgerOperation? last;
    private int count;
    private bool isClosed;

    internal int Count => Volatile.Read(ref count);

    /// <summary>Adds an operation; false when the bound is reached or nobody takes any more.</summary>
    internal bool TryAdd(LedgerOperation operation)
    {
        lock (gate)
        {
            if (isClosed)
                return false;
            if (operation.GoesFirst)
            {
                AddFirst(operation);
                return true;
            }

            if (count >= capacity)
                return false;
            operation.Next = null;
            if (last is null)
                first = operation;
            else
                last.Next = operation;
            last = operation;
            count++;
            return true;
        }
    }

    /// <summary>Puts operations back before all others, in their order. They were counted once, so no bound applies.</summary>
    /// <returns>False when nobody takes any more.</returns>
    internal bool TryPutBack(List<LedgerOperation> operations)
    {
        lock (gate)
        {
            if (isClosed)
                return false;
            for (var index = operations.Count - 1; index >= 0; index--)
                AddFirst(operations[index]);
            return true;
        }
    }

    /// <summary>Takes nothing any more, so that what is taken out now was the last.</summary>
    internal void Close()
    {
        lock (gate)
            isClosed = true;
    }

    /// <summary>Moves up to <paramref name="most"/> operations into a list.</summary>
    internal void Take(List<LedgerOperation> target, int most)
    {
        lock (gate)
        {
            while (first is { } operation && most-- > 0)
            {
                first = operation.Next;
                if (first is null)
                    last = null;
                operation.Next = null;
                target.Add(operation);
                count--;
            }
        }
    }

    private void AddFirst(LedgerOperation operation)
    {
        operation.Next = first;
        first = operation;
        last ??= operation;
        count++;
    }
}
