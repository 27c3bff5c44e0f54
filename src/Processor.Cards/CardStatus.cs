namespace Processor.Cards;

/// <summary>The state of a card. Values are kept in the ledger and are never renumbered.</summary>
public enum CardStatus : byte
{
    /// <summary>Usable.</summary>
    Active = 1,

    /// <summary>Paused by cardholder, program or issuer; can be made active again.</summary>
    Frozen = 2,

    /// <summary>Waits for the program, compliance or production.</summary>
    Pending = 3,

    /// <summary>A physical card that its holder has not activated.</summary>
    PendingActivation = 4,

    /// <summary>Ended for good.</summary>
    Closed = 5,

    /// <summary>Reported lost; ended for good.</summary>
    Lost = 6,

    /// <summary>Reported stolen; ended for good.</summary>
    Stolen = 7,
}
