using Processor.Cards;

namespace Processor.Ledger;

/// <summary>Accounts that were loaded outside the lane and wait to be taken over by it.</summary>
internal sealed class LoadedAccounts
{
    private readonly Lock gate = new();
    private List<KeyValuePair<Ulid, AccountAggregate?>> items = [];
    private List<KeyValuePair<Ulid, AccountAggregate?>> spare = [];

    internal bool HasItems
    {
        get
        {
            lock (gate)
                return items.Count > 0;
        }
    }

    /// <summary>Adds an account; null when it could not be loaded.</summary>
    internal void Add(Ulid id, AccountAggregate? account)
    {
        lock (gate)
            items.Add(new(id, account));
    }

    /// <summary>Hands out what was loaded; the list is good until the next call.</summary>
    internal List<KeyValuePair<Ulid, AccountAggregate?>> Take()
    {
        lock (gate)
        {
            (items, spare) = (spare, items);
            items.Clear();
            return spare;
        }
    }
}
