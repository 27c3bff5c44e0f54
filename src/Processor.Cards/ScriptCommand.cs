namespace Processor.Cards;

/// <summary>Commands that an issuer sends to a chip (EMV Book 3, 6.5), as orders have them in Postgres.</summary>
public enum ScriptCommand : byte
{
    /// <summary>The application does no more transactions.</summary>
    ApplicationBlock = 1,

    /// <summary>The application does transactions again.</summary>
    ApplicationUnblock = 2,

    /// <summary>The whole card is blocked, for good.</summary>
    CardBlock = 3,

    /// <summary>The chip's PIN may be tried again.</summary>
    PinUnblock = 4,

    /// <summary>A data object of the chip gets a value.</summary>
    PutData = 5,

    /// <summary>The chip gets a new PIN.</summary>
    PinChange = 6,
}
