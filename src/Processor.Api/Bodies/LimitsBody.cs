using System.Text.Json.Serialization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Api;

/// <summary>Limits of a card: what is absent has no bound. Days, weeks and months are those of the program's time zone.</summary>
internal sealed record LimitsBody(LimitsBody.Set All, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LimitsBody.Set? Cash)
{
    // An account decides at most so many in a window that its counters hold.
    private const int CountMax = 1_000_000;

    private static readonly Set Unbound = new(PerTransaction: null, Daily: null, Weekly: null, Monthly: null);

    internal static LimitsBody? Of(LimitRecord? limits) =>
        limits is { } record ? new(SetOf(in record.All, record.Currency), CashOf(in record)) : null;

    /// <summary>Reads limits; amounts in another currency than the account's are refused.</summary>
    internal static LimitRecord? Read(JsonFields fields, string name, Currency currency)
    {
        if (fields.Object(name) is not { } limits)
            return null;
        var record = LimitRecord.None(currency.Numeric);
        record.All = ReadSet(limits, "all", currency);
        record.Cash = ReadSet(limits, "cash", currency);
        limits.End();
        return record;
    }

    private static Set? CashOf(in LimitRecord limits)
    {
        var cash = SetOf(in limits.Cash, limits.Currency);
        return cash == Unbound ? null : cash;
    }

    private static Set SetOf(in LimitSet set, ushort currency)
    {
        Window? Of(long amount, int count) =>
            amount < 0 && count < 0 ? null : new(amount < 0 ? null : Money.Of(amount, currency), count < 0 ? null : count);
        return new(
            Of(set.TransactionAmount, -1), Of(set.DayAmount, set.DayCount), Of(set.WeekAmount, set.WeekCount), Of(set.MonthAmount, set.MonthCount));
    }

    private static LimitSet ReadSet(JsonFields limits, string name, Currency currency)
    {
        var set = LimitSet.None;
        if (limits.Object(name) is not { } windows)
            return set;
        set.TransactionAmount = ReadWindow(windows, "per_transaction", currency, hasCount: false).Amount;
        (set.DayAmount, set.DayCount) = ReadWindow(windows, "daily", currency, hasCount: true);
        (set.WeekAmount, set.WeekCount) = ReadWindow(windows, "weekly", currency, hasCount: true);
        (set.MonthAmount, set.MonthCount) = ReadWindow(windows, "monthly", currency, hasCount: true);
        windows.End();
        return set;
    }

    private static (long Amount, int Count) ReadWindow(JsonFields windows, string name, Currency currency, bool hasCount)
    {
        if (windows.Object(name) is not { } window)
            return (-1, -1);
        var amount = window.Money("amount", min: 0);
        if (amount is { } money && money.Currency != currency)
            window.Refuse("amount", "invalid_value", $"This has to be in {currency.Alpha}, the currency of the card's account.");
        var count = hasCount ? window.Integer("count", 0, CountMax) : null;
        window.End();
        return (amount?.MinorUnits ?? -1, (int)(count ?? -1));
    }

    internal sealed record Set(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Window? PerTransaction,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Window? Daily,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Window? Weekly,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Window? Monthly);

    internal sealed record Window(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Money? Amount,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Count);
}
