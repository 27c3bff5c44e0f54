using System.Collections.Frozen;
using Processor.Cards;

namespace Processor.Authorization;

/// <summary>The orders for chips that this host knows of, one a card. Whether one has been sent already is the card's record to know: this may be behind.</summary>
public sealed class ScriptDirectory
{
    private FrozenDictionary<(Ulid Account, ushort Card), ScriptPlan> plans = FrozenDictionary<(Ulid, ushort), ScriptPlan>.Empty;

    /// <summary>Replaces them all.</summary>
    /// <param name="orders">At most one a card. One that makes no sense is left out.</param>
    /// <param name="refused">Told the number of each that was left out.</param>
    public void Replace(IEnumerable<ScriptOrder> orders, Action<int> refused)
    {
        var next = new Dictionary<(Ulid, ushort), ScriptPlan>();
        foreach (var order in orders)
        {
            try
            {
                next[(order.AccountId, order.Card)] = new(order);
            }
            catch (ArgumentException)
            {
                refused(order.Number);
            }
        }

        Volatile.Write(ref plans, next.ToFrozenDictionary());
    }

    internal bool TryGet(Ulid account, ushort card, out ScriptPlan plan)
    {
        var all = Volatile.Read(ref plans);
        if (all.Count > 0)
            return all.TryGetValue((account, card), out plan!);
        plan = null!;
        return false;
    }
}
