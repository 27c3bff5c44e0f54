using Processor.Cards;

namespace Processor.Ledger;

/// <content>Identifiers, and holds that have had their time.</content>
public sealed partial class AccountAggregate
{
    private IdSource? ids;
    private byte[]? redisKey;
    private long prunedAt;
    private bool isDueChanged;

    /// <summary>Holds in memory, in use or free: slots 0 to this, exclusive. Ask <see cref="IsHoldLive"/> before looking at one.</summary>
    public int HoldSlots => holds.SlotCount;

    /// <summary>True when a slot has a hold in it.</summary>
    public bool IsHoldLive(int slot) => holds.IsLive(slot);

    /// <summary>A new identifier for a transaction, unlike any that another host makes.</summary>
    public Ulid NewId() => (ids ??= IdSource.Unregistered).Next(Now);

    /// <summary>Sets when the account must be looked at again: the earliest expiry or deadline of its open holds.</summary>
    public void SetNextDue(long due)
    {
        isDueChanged |= account.NextDue != due;
        account.NextDue = due;
    }

    /// <summary>The key of its hash, made once.</summary>
    internal byte[] RedisKey => redisKey ??= System.Text.Encoding.ASCII.GetBytes(RedisNames.Account(Partition, Id));

    /// <summary>About what it takes of memory.</summary>
    internal long Bytes => FixedBytes + holds.Bytes + ((long)cards.Length * CardBytes);

    /// <summary>What the near cache has counted for it.</summary>
    internal long CountedBytes { get; set; }

    /// <summary>The turn of its lane in which it was last used.</summary>
    internal long UsedInTurn { get; set; }

    /// <summary>True while it is among the accounts of the batch at hand.</summary>
    internal bool IsTouched { get; set; }

    internal void UseIds(IdSource source) => ids = source;

    /// <summary>Lets go of holds that were resolved long enough ago and that Postgres can answer for.</summary>
    /// <param name="repeatWindow">Milliseconds for which a resolved hold is kept.</param>
    /// <param name="projectedThrough">Postgres answers for what was committed before this moment, Unix milliseconds.</param>
    internal void Prune(long repeatWindow, long projectedThrough)
    {
        if (Now < prunedAt + PruneInterval)
            return;
        var removed = 0;
        for (var slot = 0; slot < holds.SlotCount; slot++)
        {
            if (!holds.IsLive(slot) || holds.IsAdded(slot))
                continue;
            ref readonly var hold = ref holds.At(slot);
            if (hold.IsHolding || hold.ResolvedAt + repeatWindow >= Now || hold.ResolvedAt + ClockSkewMax >= projectedThrough)
                continue;
            if (hold.State == HoldState.Tombstone)
                account.Tombstones--;
            holds.Remove(slot);
            if (++removed == PruneMax)
                return;
        }

        prunedAt = Now;
    }

    // The aggregate with its balances, events of a batch and small arrays; a card with its limits, usage and declines.
    private const long FixedBytes = 1_920;
    private const long CardBytes = 1_024;

    // How often one account is searched for holds to let go, and how far two hosts' clocks may be apart: milliseconds.
    private const long PruneInterval = 10_000;
    private const long ClockSkewMax = 300_000;

    // Holds that one batch lets go of at most.
    private const int PruneMax = 1_000;
}
