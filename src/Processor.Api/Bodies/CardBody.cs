using System.Text.Json;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Api;

/// <summary>A card as the façade shows it. Never the PAN.</summary>
internal sealed record CardBody
{
    public required string Id { get; init; }

    public required string ProgramId { get; init; }

    public required string CardProductId { get; init; }

    public required string AccountId { get; init; }

    public string Form { get; } = "virtual";

    public required string State { get; init; }

    public required string? StateReason { get; init; }

    public required string Bin { get; init; }

    public required string Last4 { get; init; }

    public required ExpiryBody Exp { get; init; }

    public required string? Label { get; init; }

    public required string? ExternalId { get; init; }

    public required JsonElement Metadata { get; init; }

    public required LimitsBody? Limits { get; init; }

    public required string PinStatus { get; init; }

    public required UsabilityBody Usability { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Puts together what Postgres and the ledger know.</summary>
    /// <param name="card">From Postgres.</param>
    /// <param name="account">The account in the ledger; null when it is not there yet.</param>
    /// <param name="tenant">Whose card it is.</param>
    /// <param name="now">To tell whether the card has expired.</param>
    internal static CardBody Of(Card card, ReadAccount? account, Tenant tenant, DateTimeOffset now)
    {
        var record = account?.FindCard(card.Id);
        var state = CardStates.Of(record, tenant.Program, now);
        return new()
        {
            Id = PublicId.Write(PublicId.Card, card.Id),
            ProgramId = PublicId.Write(PublicId.Program, tenant.Program.Id),
            CardProductId = PublicId.Write(PublicId.Product, card.ProductId),
            AccountId = PublicId.Write(PublicId.Account, card.AccountId),
            State = state,
            StateReason = state is CardStates.Closed ? ReasonOf(card, record) : null,
            Bin = card.Bin,
            Last4 = card.Last4,
            Exp = new(Month: card.Expiry % 100, Year: 2000 + (card.Expiry / 100)),
            Label = card.Label,
            ExternalId = card.ExternalId,
            Metadata = JsonElement.Parse(card.Metadata ?? "{}"),
            Limits = LimitsBody.Of(LimitsDocument.Read(card.Limits)),
            PinStatus = PinStatusBody.Of(card.Id, record, tenant.Program).Status,
            Usability = UsabilityBody.Of(state, account, tenant.Program),
            Version = card.Version + (record?.Revision ?? 0),
            CreatedAt = card.CreatedAt,
        };
    }

    // Lost and stolen are the ledger's own; other reasons are told to Postgres a moment after the ledger has closed the card.
    private static string? ReasonOf(Card card, CardRecord? record) => record?.Status switch
    {
        CardStatus.Lost => "lost",
        CardStatus.Stolen => "stolen",
        _ => card.StateReason,
    };

    /// <summary>The last month in which the card is good.</summary>
    internal sealed record ExpiryBody(int Month, int Year);

    /// <summary>Whether the card can pay now, and what stands in the way.</summary>
    internal sealed record UsabilityBody(bool Usable, IReadOnlyList<string> BlockedBy)
    {
        internal static UsabilityBody Of(string state, ReadAccount? account, ProgramProfile program)
        {
            var reasons = new List<string>();
            if (state != CardStates.Active)
                reasons.Add("card_" + state);
            if (account is { Account.Status: AccountStatus.Paused or AccountStatus.Closed })
                reasons.Add("account_paused");
            if (!program.IsActive)
                reasons.Add("program_suspended");
            return new(reasons.Count == 0, reasons);
        }
    }
}
