namespace Processor.Security;

/// <summary>Which value of a card it is.</summary>
public enum CardValueKind : byte
{
    None,

    /// <summary>CVV or CVC of the magnetic stripe: with the service code of the track.</summary>
    Cvv,

    /// <summary>CVV2 or CVC2, printed on the card: service code 000.</summary>
    Cvv2,

    /// <summary>iCVV or chip CVC, in the chip's track equivalent: service code 999.</summary>
    Icvv,

    /// <summary>Visa's dynamic CVV of contactless magnetic-stripe mode: the counter stands for the PAN's first four digits.</summary>
    Dcvv,

    /// <summary>Mastercard's CVC3 of contactless magnetic-stripe mode.</summary>
    Cvc3,

    /// <summary>Visa's cardholder authentication value: four digits of the transaction number, the result and the second factor.</summary>
    Cavv,
}
