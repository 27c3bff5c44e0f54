using Processor.Cards;

namespace Processor.Security;

/// <summary>A PIN as it comes in: encrypted, with what is needed to recover it inside the module.</summary>
/// <remarks>A class would have a way to be printed by accident; this prints a mask.</remarks>
public readonly struct PinInput
{
    /// <summary>The zone key of usage <see cref="KeyUsage.PinEncryption"/>, or the base derivation key of the serial number.</summary>
    public required KeyRef Key { get; init; }

    /// <summary>The format inside the block, as the link's profile or DE 53 says.</summary>
    public required PinBlockFormat Format { get; init; }

    /// <summary>The block.</summary>
    public required PinBlock Block { get; init; }

    /// <summary>The whole PAN, check digit included.</summary>
    public required Pan Pan { get; init; }

    /// <summary>Of the default length 0 unless the key is a base derivation key.</summary>
    public KeySerialNumber Ksn { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "PinInput ****";
}
