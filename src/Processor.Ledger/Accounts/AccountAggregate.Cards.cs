using Processor.Cards;

namespace Processor.Ledger;

/// <content>The verbs that change the account itself, its cards and their limits.</content>
public sealed partial class AccountAggregate
{
    private static readonly DeclineRecord NoDeclines;

    private DeclineRecord[] declines = [];
    private LimitRecord[] limits = [];
    private UsageRecord[] usages = [];

    /// <summary>Opens the account. It must not <see cref="Exists">exist</see>.</summary>
    /// <param name="program">Number of the program that owns it.</param>
    /// <param name="currency">ISO 4217 numeric code of its first balance.</param>
    /// <param name="creditLimit">Minor units below zero that available may reach.</param>
    public void Open(int program, ushort currency, long creditLimit)
    {
        if (Exists)
            throw new InvalidOperationException("The account exists.");
        account.Layout = Layout;
        account.Status = AccountStatus.Open;
        account.Program = program;
        account.NextDue = long.MaxValue;
        HasEveryHold = true;
        AddBalance(currency, creditLimit);
    }

    /// <summary>Adds a balance in a further currency.</summary>
    public void AddBalance(ushort currency, long creditLimit)
    {
        if (FindBalance(currency) >= 0)
            throw new InvalidOperationException("The account has a balance in that currency.");
        Array.Resize(ref balances, balances.Length + 1);
        balances[^1] = new BalanceRecord { Currency = currency, CreditLimit = creditLimit };
        account.HeadFields++;
        MarkBalance(balances.Length - 1);
    }

    /// <summary>Pauses, resumes or closes the account.</summary>
    public void SetStatus(AccountStatus status) => account.Status = status;

    /// <summary>Adds a card; its <see cref="CardRecord.Ordinal"/> is the next one and is returned.</summary>
    public ushort AddCard(in CardRecord card)
    {
        var ordinal = checked(++account.Cards);
        SizeFor(ordinal);
        cards[ordinal - 1] = card with { Ordinal = ordinal };
        MarkCard(ordinal);
        return ordinal;
    }

    /// <summary>Marks a card as changed and hands it out.</summary>
    public ref CardRecord ChangeCard(ushort ordinal)
    {
        MarkCard(ordinal);
        return ref cards[ordinal - 1];
    }

    /// <summary>Sets what was seen of the counter of a card's chip.</summary>
    public void SetCounters(ushort ordinal, in ChipCounters counters)
    {
        cards[ordinal - 1].Counters = counters;
        Mark(ordinal, ChangedFields.Counters);
    }

    /// <summary>Limits of a card, or of the account under ordinal 0.</summary>
    /// <returns>False when none were set.</returns>
    public bool TryGetLimits(ushort ordinal, out LimitRecord record)
    {
        record = ordinal < limits.Length ? limits[ordinal] : default;
        return record.Currency != 0;
    }

    /// <summary>Sets limits of a card, or of the account under ordinal 0. What was used before stays used.</summary>
    public void SetLimits(ushort ordinal, in LimitRecord record)
    {
        SizeFor(ordinal);
        limits[ordinal] = record;
        Mark(ordinal, ChangedFields.Limits);
    }

    /// <summary>What was used of the limits of a card, or of the account under ordinal 0.</summary>
    public ref readonly UsageRecord Usage(ushort ordinal)
    {
        SizeFor(ordinal);
        return ref usages[ordinal];
    }

    /// <summary>Marks the usage as changed and hands it out.</summary>
    public ref UsageRecord ChangeUsage(ushort ordinal)
    {
        SizeFor(ordinal);
        Mark(ordinal, ChangedFields.Usage);
        return ref usages[ordinal];
    }

    private ref readonly DeclineRecord DeclinesOf(ushort card)
    {
        if (card >= declines.Length)
            return ref NoDeclines;
        return ref declines[card];
    }

    private ref DeclineRecord ChangeDeclines(ushort card)
    {
        SizeFor(card);
        Mark(card, ChangedFields.Declines);
        return ref declines[card];
    }

    private void SizeFor(ushort ordinal)
    {
        if (cards.Length < ordinal)
            Array.Resize(ref cards, ordinal);
        if (limits.Length > ordinal)
            return;
        Array.Resize(ref limits, ordinal + 1);
        Array.Resize(ref usages, ordinal + 1);
        Array.Resize(ref declines, ordinal + 1);
        Array.Resize(ref changed, ordinal + 1);
        Array.Resize(ref present, ordinal + 1);
    }
}
