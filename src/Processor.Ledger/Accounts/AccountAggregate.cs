using Processor.Cards;

namespace Processor.Ledger;

/// <summary>
/// One account with its balances, cards, limits and holds: the unit of consistency. A lane owns it while it decides; nothing
/// else may touch it. All money logic of the ledger is here and allocates nothing once the account is warm.
/// </summary>
/// <remarks>Changes are kept in memory and marked; the lane writes the marked fields in one script call. When that call finds
/// that another host was there first, the aggregate is thrown away and loaded again, so nothing here is ever rolled back.</remarks>
public sealed partial class AccountAggregate
{
    /// <summary>What a record of this layout says in <see cref="AccountRecord.Layout"/>.</summary>
    public const byte Layout = 1;

    private readonly HoldTable holds = new();
    private BalanceRecord[] balances = [];
    private CardRecord[] cards = [];
    private AccountRecord account;

    /// <summary>Makes an aggregate that no field was read into yet.</summary>
    public AccountAggregate(Ulid id, int partition)
    {
        Id = id;
        Partition = partition;
    }

    /// <summary>The account's identifier.</summary>
    public Ulid Id { get; }

    /// <summary>The partition whose lane owns this.</summary>
    public int Partition { get; }

    /// <summary>The head record. Use the verbs to change it.</summary>
    public ref readonly AccountRecord Account => ref account;

    /// <summary>True when the account is in Redis, or was opened by an operation of this batch.</summary>
    public bool Exists => account.Layout != 0;

    /// <summary>The balances, one per currency.</summary>
    public ReadOnlySpan<BalanceRecord> Balances => balances;

    /// <summary>True when every hold of the account is in memory, so that a hold not found here exists nowhere in Redis.</summary>
    public bool HasEveryHold { get; internal set; }

    /// <summary>Decision time of the operation at hand, Unix milliseconds: never earlier than that of any decision before.</summary>
    public long Now => account.LastTime;

    /// <summary>The index of a currency's balance, or −1 when the account has none.</summary>
    public int FindBalance(ushort currency)
    {
        for (var index = 0; index < balances.Length; index++)
        {
            if (balances[index].Currency == currency)
                return index;
        }

        return -1;
    }

    /// <summary>The balance at an index of <see cref="FindBalance"/>.</summary>
    public ref readonly BalanceRecord Balance(int index) => ref balances[index];

    /// <summary>True when the account has a card of that ordinal.</summary>
    public bool HasCard(ushort ordinal) => ordinal >= 1 && ordinal <= cards.Length && cards[ordinal - 1].Ordinal == ordinal;

    /// <summary>The card of an ordinal. The caller has asked <see cref="HasCard"/>.</summary>
    public ref readonly CardRecord Card(ushort ordinal) => ref cards[ordinal - 1];

    /// <summary>The ordinal of a card by its identifier; 0 when the account does not have it.</summary>
    public ushort FindCard(Ulid cardId)
    {
        foreach (ref readonly var card in cards.AsSpan())
        {
            if (card.CardId == cardId)
                return card.Ordinal;
        }

        return 0;
    }

    /// <summary>Finds the hold field of a request key among those in memory.</summary>
    /// <returns>The hold's slot, good until this operation's decision ends; −1 when it is not in memory.</returns>
    public int FindHold(UInt128 key) => holds.Find(key);

    /// <summary>The hold in a slot.</summary>
    public ref readonly HoldRecord Hold(int slot) => ref holds.At(slot);

    /// <summary>The request key of the hold in a slot.</summary>
    public UInt128 HoldKey(int slot) => holds.KeyAt(slot);

    /// <summary>Finds an original among the holds in memory: by DE 90, else by the network's id, else by reference.</summary>
    /// <returns>The slot, or −1. Of several matches that is taken which <see cref="OriginalQuery"/> says.</returns>
    public int FindOriginal(in OriginalQuery query) => holds.FindOriginal(in query);

    /// <summary>Finds a tombstone that waits for this original: the answer of <see cref="OriginalQuery"/> kept with it names the hold.</summary>
    /// <returns>The slot, or −1.</returns>
    public int FindTombstone(in HoldRecord original) => account.Tombstones == 0 ? -1 : holds.FindTombstone(in original);

    /// <summary>Answers a remembered decline of a card.</summary>
    public bool TryFindDecline(ushort card, UInt128 key, out DeclineEntry entry)
    {
        entry = default;
        ref readonly var record = ref DeclinesOf(card);
        var index = IndexOf(in record, key);
        if (index < 0)
            return false;
        entry = record.Entries[index];
        return true;
    }

    /// <summary>Gives a remembered decline another reason, whichever card it is of.</summary>
    /// <returns>False when no decline of that key is remembered.</returns>
    public bool TryChangeDecline(UInt128 key, DeclineReason reason)
    {
        for (ushort ordinal = 0; ordinal < declines.Length; ordinal++)
        {
            var index = IndexOf(in declines[ordinal], key);
            if (index < 0)
                continue;
            ChangeDeclines(ordinal).Entries[index].Reason = reason;
            return true;
        }

        return false;
    }

    private static int IndexOf(in DeclineRecord record, UInt128 key)
    {
        for (var index = 0; index < DeclineRecord.Capacity; index++)
        {
            if (record.Entries[index].Key == key)
                return index;
        }

        return -1;
    }
}
