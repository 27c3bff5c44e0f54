namespace Processor.Authorization;

/// <summary>What became of a command that was decided.</summary>
public enum CommandResult
{
    /// <summary>Carried out now.</summary>
    Done,

    /// <summary>The same operation id was carried out before: the same effect, no second one.</summary>
    DoneBefore,

    /// <summary>The same operation id was used with another content.</summary>
    Conflict,

    /// <summary>No such account or card.</summary>
    NotFound,

    /// <summary>The card or account is in a state from which this move does not lead.</summary>
    InvalidState,

    /// <summary>The actor's rank is below that of whoever froze the card.</summary>
    RankTooLow,

    /// <summary>Available is less than the amount.</summary>
    InsufficientFunds,

    /// <summary>The account has no balance in that currency.</summary>
    CurrencyMismatch,
}
