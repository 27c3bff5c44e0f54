namespace Processor.Cards;

/// <summary>The credentials that a message may carry. The values are places in <see cref="CredentialChecks"/>, kept in the journal; at most 7.</summary>
public enum CredentialKind : byte
{
    /// <summary>DE 14 or the track's expiry against the card's.</summary>
    Expiry = 0,

    /// <summary>What the message says twice: PAN, expiry and amount by element, track and chip.</summary>
    CardData = 1,

    /// <summary>The chip's cryptogram.</summary>
    Cryptogram = 2,

    /// <summary>The chip's transaction counter against those that came before.</summary>
    Counter = 3,

    /// <summary>The service code of the track against the card's.</summary>
    ServiceCode = 4,

    /// <summary>CVV, CVC, iCVV or chip CVC of the track.</summary>
    TrackValue = 5,

    /// <summary>CVV2 or CVC2, printed on the card.</summary>
    VerificationValue = 6,

    /// <summary>The PIN.</summary>
    Pin = 7,
}
