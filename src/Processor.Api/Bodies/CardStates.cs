using Processor.Cards;
using Processor.Ledger;

namespace Processor.Api;

/// <summary>The façade's words for the state of a card.</summary>
internal static class CardStates
{
    internal const string Active = "active";

    internal const string Closed = "closed";

    internal const string Expired = "expired";

    internal const string Frozen = "frozen";

    internal const string Pending = "pending";

    internal const string PendingActivation = "pending_activation";

    /// <summary>The state of a card; one that the ledger does not have yet is pending.</summary>
    internal static string Of(CardRecord? card, ProgramProfile program, DateTimeOffset now) => card switch
    {
        null => Pending,
        { Status: CardStatus.Closed or CardStatus.Lost or CardStatus.Stolen } => Closed,
        { } known when IsExpired(known.Expiry, program, now) => Expired,
        { Status: CardStatus.Active } => Active,
        { Status: CardStatus.Frozen } => Frozen,
        { Status: CardStatus.Pending } => Pending,
        { Status: CardStatus.PendingActivation } => PendingActivation,
        { Status: var other } => throw new ArgumentOutOfRangeException(nameof(card), other, "No word for that status."),
    };

    // A card is good through the last day of its month, in the program's time zone.
    private static bool IsExpired(ushort expiry, ProgramProfile program, DateTimeOffset now)
    {
        var day = TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(program.TimeZone));
        return ((day.Year % 100) * 100) + day.Month > expiry;
    }
}
