using Processor.Cards;
using Processor.Ledger;

namespace Processor.Api;

/// <summary>How a card's PIN stands. The PIN itself is known to nobody here.</summary>
/// <param name="CardId">The card.</param>
/// <param name="Status"><c>not_set</c> where the program checks no PINs or the card has none, <c>ok</c>, or <c>blocked</c> when its tries are spent.</param>
/// <param name="TriesLeft">Wrong PINs until it is blocked; null where none are checked.</param>
/// <param name="TriesMax">Wrong PINs in a row that block it; null where none are checked.</param>
internal sealed record PinStatusBody(string CardId, string Status, int? TriesLeft, int? TriesMax)
{
    internal const string NotSet = "not_set";

    private const string Ok = "ok";
    private const string Blocked = "blocked";

    /// <summary>What the next authorization with a PIN meets.</summary>
    /// <param name="cardId">The card.</param>
    /// <param name="record">The card in the ledger; null when it is not there yet.</param>
    /// <param name="program">Whose it is.</param>
    internal static PinStatusBody Of(Ulid cardId, CardRecord? record, ProgramProfile program)
    {
        var id = PublicId.Write(PublicId.Card, cardId);
        if (program.Credentials is not { PinKey.Length: > 0 } credentials)
            return new(id, NotSet, TriesLeft: null, TriesMax: null);
        if (credentials.PinMethod == "stored" && record is not { PinVersion: > 0 })
            return new(id, NotSet, TriesLeft: null, TriesMax: null);
        var left = Math.Max(0, credentials.PinTriesMax - (record?.PinTries ?? 0));
        return new(id, left == 0 ? Blocked : Ok, left, credentials.PinTriesMax);
    }
}
