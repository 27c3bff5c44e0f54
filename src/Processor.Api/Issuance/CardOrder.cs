using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Api;

/// <summary>A card that is to be issued, with an account of its own.</summary>
public sealed record CardOrder
{
    /// <summary>What the card will be called in the façade. The same identifier again finishes what was begun.</summary>
    public required Ulid CardId { get; init; }

    /// <summary>Whose card it is; gives the BIN range of a PAN that is drawn.</summary>
    public required ProgramProfile Program { get; init; }

    /// <summary>What it is: currency and options.</summary>
    public required CardProduct Product { get; init; }

    /// <summary>The PAN; null to draw one of the program's first BIN range.</summary>
    public Pan? Pan { get; init; }

    /// <summary>Year and month as in DE 14.</summary>
    public required short Expiry { get; init; }

    /// <summary>Minor units of the product's currency that are put on its account; 0 for none.</summary>
    public required long InitialBalance { get; init; }

    /// <summary>Limits of the card; null for none.</summary>
    public LimitRecord? Limits { get; init; }

    /// <summary>The status with which it begins.</summary>
    public CardStatus Status { get; init; } = CardStatus.Active;

    /// <summary>What its owner calls it; null for nothing.</summary>
    public string? Label { get; init; }

    /// <summary>The program's own name for it, unique within the program; null for none.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The program's own notes as a JSON object of strings; null for none.</summary>
    public string? Metadata { get; init; }

    /// <summary>The PIN that it begins with, under the program's key for PINs that come in; null for none of its own.</summary>
    public SealedPin? Pin { get; init; }

    /// <summary>The identifier alone.</summary>
    public override string ToString() => $"order of card {CardId}";
}
