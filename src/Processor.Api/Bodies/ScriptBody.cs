using System.Globalization;
using Processor.Records;

namespace Processor.Api;

/// <summary>A command that was ordered for a card's chip, and what became of it.</summary>
internal sealed record ScriptBody
{
    public required string Id { get; init; }

    public required string CardId { get; init; }

    public required string Command { get; init; }

    /// <summary>Names the command in tags 9F18 and 9F5B.</summary>
    public required int Number { get; init; }

    public required string Template { get; init; }

    public required string? DataObject { get; init; }

    public required string? Data { get; init; }

    public required string State { get; init; }

    public required string? ChipResult { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? SentAt { get; init; }

    public required DateTimeOffset? ToldAt { get; init; }

    public required DateTimeOffset? CancelledAt { get; init; }

    internal static ScriptBody Of(CardScript script) => new()
    {
        Id = PublicId.Write(PublicId.Script, script.Id),
        CardId = PublicId.Write(PublicId.Card, script.CardId),
        Command = script.Command,
        Number = script.Number,
        Template = Hex(script.Template),
        DataObject = script.DataObject == 0 ? null : Hex(script.DataObject),
        Data = script.DataObject == 0 ? null : Convert.ToHexString(script.Data),
        State = script.State,
        ChipResult = script.Result is { } result ? Hex(result) : null,
        CreatedAt = script.OrderedAt,
        SentAt = script.SentAt,
        ToldAt = script.ResultAt,
        CancelledAt = script.CancelledAt,
    };

    private static string Hex(int number) => number.ToString(number > byte.MaxValue ? "X4" : "X2", CultureInfo.InvariantCulture);
}
