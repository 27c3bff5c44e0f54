using Processor.Cards;

namespace Processor.Records;

/// <summary>A card as Postgres knows it. Its present status and balance are the ledger's.</summary>
public sealed record Card
{
    /// <summary>Its identifier in the façade and in the ledger.</summary>
    public required Ulid Id { get; init; }

    /// <summary>Number of its program.</summary>
    public required int Program { get; init; }

    /// <summary>Number of its product.</summary>
    public required int Product { get; init; }

    /// <summary>Identifier of its product.</summary>
    public required Ulid ProductId { get; init; }

    /// <summary>The account that it draws on.</summary>
    public required Ulid AccountId { get; init; }

    /// <summary>Currency of that account.</summary>
    public required Currency Currency { get; init; }

    /// <summary>The encrypted PAN; the vault reads it.</summary>
    public required byte[] PanCipher { get; init; }

    /// <summary>The keyed hash of the PAN.</summary>
    public required PanHash PanHash { get; init; }

    /// <summary>The first six to eight digits.</summary>
    public required string Bin { get; init; }

    /// <summary>The last four digits.</summary>
    public required string Last4 { get; init; }

    /// <summary>Year and month as in DE 14: 3112 is good through December 2031.</summary>
    public required short Expiry { get; init; }

    /// <summary>PAN sequence number, DE 23.</summary>
    public short SequenceNumber { get; init; }

    /// <summary>What its owner calls it; null for nothing.</summary>
    public string? Label { get; init; }

    /// <summary>The program's own name for it, unique within the program; null for none.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The program's own notes as a JSON object of strings; null for none.</summary>
    public string? Metadata { get; init; }

    /// <summary>Limits given at its issuance, as <see cref="LimitsDocument"/>; null for none.</summary>
    public string? Limits { get; init; }

    /// <summary>Minor units that are put on its account at issuance; 0 for none.</summary>
    public long InitialBalance { get; init; }

    /// <summary>The status with which it begins.</summary>
    public CardStatus InitialStatus { get; init; } = CardStatus.Active;

    /// <summary>What its PIN is checked against from its issuance on, as the ledger's <c>CardPin</c> writes it; null for no PIN of its own.</summary>
    public byte[]? InitialPin { get; init; }

    /// <summary>Why it has ended, in the façade's words; null while it has not.</summary>
    public string? StateReason { get; init; }

    /// <summary>Counts changes of this row, from 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>When its creation was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the ledger had it; null while its issuance is not finished.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>The identifier and the last four digits.</summary>
    public override string ToString() => $"card {Id} ****{Last4}";
}
