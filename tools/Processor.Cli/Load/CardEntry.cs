namespace Processor.Cli.Load;

/// <summary>How the card of a prepared purchase is presented, and with which credentials.</summary>
internal enum CardEntry
{
    /// <summary>The chip: a cryptogram, and the iCVV in its track.</summary>
    Chip,

    /// <summary>The stripe: the CVV in its track.</summary>
    Stripe,

    /// <summary>Keyed: the CVV2.</summary>
    Keyed,

    /// <summary>The chip and a PIN.</summary>
    Pin,
}
