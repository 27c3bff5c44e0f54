using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>One balance of an account as it was projected last. The ledger itself may be a moment ahead.</summary>
public sealed record AccountState
{
    /// <summary>The account.</summary>
    public required Ulid AccountId { get; init; }

    /// <summary>State of the account.</summary>
    public AccountStatus Status { get; init; }

    /// <summary>Number of the program that owns it.</summary>
    public int Program { get; init; }

    /// <summary>Decision time of the latest change.</summary>
    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>Currency of the balance.</summary>
    public Currency Currency { get; init; }

    /// <summary>Money that has moved, minor units.</summary>
    public long Posted { get; init; }

    /// <summary>Money that is held, minor units.</summary>
    public long Held { get; init; }

    /// <summary>How far available reaches below zero, minor units.</summary>
    public long CreditLimit { get; init; }

    /// <summary>What may still be approved, minor units.</summary>
    public long Available => Posted - Held + CreditLimit;
}
