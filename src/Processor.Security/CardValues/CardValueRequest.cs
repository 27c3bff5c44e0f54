using Processor.Cards;

namespace Processor.Security;

/// <summary>What a card value is computed from. Prints a mask.</summary>
public readonly struct CardValueRequest
{
    /// <summary>Which value it is; it decides which of the rest are used.</summary>
    public required CardValueKind Kind { get; init; }

    /// <summary>Of usage <see cref="KeyUsage.CardVerification"/>; for dCVV and CVC3 the issuer master key of usage
    /// <see cref="KeyUsage.EmvDynamicNumbers"/>, <see cref="KeyUsage.EmvOther"/> or, for dCVV, <see cref="KeyUsage.EmvCryptogram"/>.</summary>
    public required KeyRef Key { get; init; }

    /// <summary>The whole PAN.</summary>
    public required Pan Pan { get; init; }

    /// <summary>Four digits as a number, in the order that the issuer made the value with: 2912 may be YYMM, or MMYY written as 1229.
    /// For <see cref="CardValueKind.Cavv"/> the last four digits of the authentication transaction number.</summary>
    public ushort Expiry { get; init; }

    /// <summary>Three digits as a number. Not used for CVV2 and iCVV, whose service code is fixed. For
    /// <see cref="CardValueKind.Cavv"/> the authentication result and the two digits of the second factor.</summary>
    public ushort ServiceCode { get; init; }

    /// <summary>dCVV and CVC3: the card's sequence number, 0 to 99.</summary>
    public byte Psn { get; init; }

    /// <summary>dCVV and CVC3: how the card's key is derived.</summary>
    public IccKeyOption KeyOption { get; init; }

    /// <summary>dCVV and CVC3: the application transaction counter. For dCVV its last four decimal digits are used.</summary>
    public ushort Atc { get; init; }

    /// <summary>CVC3: the terminal's unpredictable number, as the value of its decimal or binary digits in 4 bytes.</summary>
    public uint UnpredictableNumber { get; init; }

    /// <summary>CVC3: the static track data that the IVCVC3 is made of, at most 128 bytes.</summary>
    public ReadOnlyMemory<byte> Track { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "CardValueRequest ****";
}
