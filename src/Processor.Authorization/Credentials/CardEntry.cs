namespace Processor.Authorization;

/// <summary>How the card came into the terminal: the first two digits of DE 22.</summary>
public enum CardEntry : byte
{
    /// <summary>Not told, or in a way that is not known.</summary>
    Unknown,

    /// <summary>Keyed, or given by the cardholder from afar: 01, 81.</summary>
    Manual,

    /// <summary>Stored by the merchant: 10.</summary>
    Stored,

    /// <summary>Magnetic stripe: 02, 80, 90.</summary>
    Stripe,

    /// <summary>Chip with contact: 05, 95.</summary>
    Chip,

    /// <summary>Chip without contact: 07.</summary>
    Contactless,

    /// <summary>Stripe data without contact: 91.</summary>
    ContactlessStripe,
}
