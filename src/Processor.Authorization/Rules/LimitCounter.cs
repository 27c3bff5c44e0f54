using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Counts what debits use of the limits of a card and of its account.</summary>
internal static class LimitCounter
{
    // The account's own limits stand under ordinal 0.
    private const ushort OfAccount = 0;

    /// <summary>The first limit, in order of precedence, that one more debit would break.</summary>
    internal static DeclineReason Check(AccountAggregate account, ushort card, Amount amount, bool isCash, CalendarWindow calendar)
    {
        var ofCard = CheckOne(account, card, amount, isCash, calendar);
        var ofAccount = CheckOne(account, OfAccount, amount, isCash, calendar);
        if (ofCard == DeclineReason.None || ofAccount == DeclineReason.None)
            return ofCard == DeclineReason.None ? ofAccount : ofCard;
        return ofCard < ofAccount ? ofCard : ofAccount;
    }

    /// <summary>Counts a debit.</summary>
    /// <returns>True when a limit counts it, so that undoing it must restore.</returns>
    internal static bool Count(AccountAggregate account, ushort card, Amount amount, bool isCash, CalendarWindow calendar) =>
        CountOne(account, card, amount, isCash, calendar) | CountOne(account, OfAccount, amount, isCash, calendar);

    /// <summary>Changes what a debit counted, as far as its windows are still the present ones.</summary>
    /// <param name="account">The account.</param>
    /// <param name="hold">The hold that was counted.</param>
    /// <param name="delta">Change of the amount: negative when a part is undone.</param>
    /// <param name="count">Change of the number: −1 when all of it is undone.</param>
    /// <param name="calendar">The present windows.</param>
    internal static void Restore(AccountAggregate account, in HoldRecord hold, long delta, int count, CalendarWindow calendar)
    {
        if ((hold.Traits & HoldTraits.Counted) == 0)
            return;
        var isCash = (hold.Traits & HoldTraits.Cash) != 0;
        Restore(account, hold.Card, in hold, delta, count, isCash, calendar);
        Restore(account, OfAccount, in hold, delta, count, isCash, calendar);
    }

    private static DeclineReason CheckOne(AccountAggregate account, ushort ordinal, Amount amount, bool isCash, CalendarWindow calendar)
    {
        if (!account.TryGetLimits(ordinal, out var limits) || limits.Currency != amount.Currency.Numeric)
            return DeclineReason.None;
        ref readonly var usage = ref account.Usage(ordinal);
        if (IsAmountBroken(in limits.All, in usage.All, amount.MinorUnits, calendar))
            return DeclineReason.AmountLimit;
        if (isCash && IsAmountBroken(in limits.Cash, in usage.Cash, amount.MinorUnits, calendar))
            return DeclineReason.WithdrawalLimit;
        if (IsCountBroken(in limits.All, in usage.All, calendar) || (isCash && IsCountBroken(in limits.Cash, in usage.Cash, calendar)))
            return DeclineReason.CountLimit;
        return DeclineReason.None;
    }

    private static bool IsAmountBroken(in LimitSet limits, in UsageSet usage, long amount, CalendarWindow calendar) =>
        IsOver(limits.TransactionAmount, 0, amount)
        || IsOver(limits.DayAmount, Used(in usage.Day, calendar.DayStart).Amount, amount)
        || IsOver(limits.WeekAmount, Used(in usage.Week, calendar.WeekStart).Amount, amount)
        || IsOver(limits.MonthAmount, Used(in usage.Month, calendar.MonthStart).Amount, amount);

    private static bool IsCountBroken(in LimitSet limits, in UsageSet usage, CalendarWindow calendar) =>
        IsOver(limits.DayCount, Used(in usage.Day, calendar.DayStart).Count, 1)
        || IsOver(limits.WeekCount, Used(in usage.Week, calendar.WeekStart).Count, 1)
        || IsOver(limits.MonthCount, Used(in usage.Month, calendar.MonthStart).Count, 1);

    private static bool IsOver(long limit, long used, long more) => limit >= 0 && used > limit - more;

    // A window that began earlier than the present one counts nothing any more.
    private static UsageWindow Used(in UsageWindow window, long start) => window.Start >= start ? window : new UsageWindow { Start = start };

    private static bool CountOne(AccountAggregate account, ushort ordinal, Amount amount, bool isCash, CalendarWindow calendar)
    {
        if (!account.TryGetLimits(ordinal, out var limits) || limits.Currency != amount.Currency.Numeric)
            return false;
        ref var usage = ref account.ChangeUsage(ordinal);
        Count(ref usage.All, amount.MinorUnits, 1, calendar);
        if (isCash)
            Count(ref usage.Cash, amount.MinorUnits, 1, calendar);
        return true;
    }

    private static void Count(ref UsageSet usage, long amount, int count, CalendarWindow calendar)
    {
        Count(ref usage.Day, calendar.DayStart, amount, count);
        Count(ref usage.Week, calendar.WeekStart, amount, count);
        Count(ref usage.Month, calendar.MonthStart, amount, count);
    }

    private static void Count(ref UsageWindow window, long start, long amount, int count)
    {
        if (window.Start < start)
            window = new UsageWindow { Start = start };
        window.Amount = checked(window.Amount + amount);
        window.Count += count;
    }

    private static void Restore(AccountAggregate account, ushort ordinal, in HoldRecord hold, long delta, int count, bool isCash, CalendarWindow calendar)
    {
        if (!account.TryGetLimits(ordinal, out var limits) || limits.Currency != hold.BillingCurrency)
            return;
        ref var usage = ref account.ChangeUsage(ordinal);
        Restore(ref usage.All, hold.CreatedAt, delta, count, calendar);
        if (isCash)
            Restore(ref usage.Cash, hold.CreatedAt, delta, count, calendar);
    }

    private static void Restore(ref UsageSet usage, long createdAt, long delta, int count, CalendarWindow calendar)
    {
        Restore(ref usage.Day, calendar.DayStart, createdAt, delta, count);
        Restore(ref usage.Week, calendar.WeekStart, createdAt, delta, count);
        Restore(ref usage.Month, calendar.MonthStart, createdAt, delta, count);
    }

    private static void Restore(ref UsageWindow window, long start, long createdAt, long delta, int count)
    {
        // What was counted in an earlier window stays there.
        if (window.Start < start || createdAt < window.Start)
            return;
        window.Amount = Math.Max(0, checked(window.Amount + delta));
        window.Count = Math.Max(0, window.Count + count);
    }
}
