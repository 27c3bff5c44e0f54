namespace Processor.Ledger;

/// <summary>The connections that one batch wrote answers to; each is flushed once when the batch is answered.</summary>
public sealed class FlushList
{
    private readonly List<IFlushable> items = [];

    /// <summary>Adds a connection; adding it twice flushes it once.</summary>
    public void Add(IFlushable item)
    {
        if (items.Count > 0 && ReferenceEquals(items[^1], item))
            return;
        if (!items.Contains(item))
            items.Add(item);
    }

    /// <summary>Flushes all and forgets them.</summary>
    public void FlushAll()
    {
        foreach (var item in items)
            item.Flush();
        items.Clear();
    }
}
