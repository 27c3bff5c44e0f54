namespace Processor.Cards;

/// <summary>What the decision needs to know of a card program. Immutable; a changed program is a new profile.</summary>
public sealed record ProgramProfile
{
    /// <summary>Its number in the ledger's records.</summary>
    public required int Number { get; init; }

    /// <summary>Its identifier in the façade.</summary>
    public required Ulid Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>IANA time zone in which days, weeks and months of limits begin, and cards expire.</summary>
    public required string TimeZone { get; init; }

    /// <summary>False when all its requests are declined.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>The PAN ranges that it issues.</summary>
    public required IReadOnlyList<BinRange> BinRanges { get; init; }

    /// <summary>How long a hold is kept without clearing.</summary>
    public TimeSpan HoldPeriod { get; init; } = TimeSpan.FromDays(7);

    /// <summary>True when a good verification is answered 85 instead of 00.</summary>
    public bool AnswersVerificationWith85 { get; init; } = true;

    /// <summary>Which credentials are checked; null for none.</summary>
    public CredentialProfile? Credentials { get; init; }
}
