using Processor.Cards;

namespace Processor.Ledger;

/// <summary>Accounts that were loaded outside the lane and wait to be taken over by it.</summary>
internal sealed class LoadedAccounts
{
    private readonly Lock gate = new();
    private List<(Ulid Id, AccountAggregate? Account, long Epoch)> items = [];
    private List<(Ulid Id, AccountAggregate? Account, long Epoch)> spare = [];

    internal bool HasItems
    {
        get
        {
            lock (gate)
                return items.Count > 0;
        }
    }

    /// <summary>Adds an account; null when it could not be loaded.</summary>
    internal void Add(Ulid id, AccountAggregate? account, long epoch)
    {
        lock (gate)
            items.Add((id, account, epoch));
    }

    /// <summary>Hands out what was loaded; the list is good until the next call.</summary>
    internal List<(Ulid Id, AccountAggregate? Account, long Epoch)> Take()
    {
        lock (gate)
        {
            (items, spare) = (spare, items);
            items.Clear();
            return spare;
        }
    }
}
