namespace Processor.Security;

/// <summary>What a card's PIN is checked against: a PVV, an offset, or a stored block. Prints a mask.</summary>
public readonly struct PinReference
{
    private PinReference(PinMethod method, KeyRef key) => (Method, Key) = (method, key);

    /// <summary>How it is checked.</summary>
    public PinMethod Method { get; }

    /// <summary>The verification key; for a stored block the key that it is under.</summary>
    public KeyRef Key { get; }

    /// <summary>The PVV's key index, 0 to 9.</summary>
    public byte KeyIndex { get; private init; }

    /// <summary>Four digits of a PVV, or 4 to 12 of an offset.</summary>
    public SecretDigits Value { get; private init; }

    /// <summary>The product's settings for an offset; null otherwise.</summary>
    public Ibm3624Profile? Profile { get; private init; }

    /// <summary>The stored block; of length 0 otherwise.</summary>
    public PinBlock Block { get; private init; }

    /// <summary>The stored block's format.</summary>
    public PinBlockFormat Format { get; private init; }

    /// <summary>A Visa PIN verification value.</summary>
    /// <param name="key">Of usage <see cref="KeyUsage.PinVerificationVisa"/>.</param>
    /// <param name="keyIndex">The PVKI, 0 to 9.</param>
    /// <param name="pvv">Four digits; the default value to have one made.</param>
    public static PinReference VisaPvv(KeyRef key, byte keyIndex, SecretDigits pvv) =>
        new(PinMethod.VisaPvv, key) { KeyIndex = keyIndex, Value = pvv };

    /// <summary>An IBM 3624 offset.</summary>
    /// <param name="key">Of usage <see cref="KeyUsage.PinVerificationIbm"/>.</param>
    /// <param name="profile">From the product's configuration, never from a message.</param>
    /// <param name="offset">As many digits as the PIN has; the default value to have one made.</param>
    public static PinReference Ibm3624(KeyRef key, Ibm3624Profile profile, SecretDigits offset) =>
        new(PinMethod.Ibm3624, key) { Profile = profile, Value = offset };

    /// <summary>A stored PIN block of format 0, 3 or 4.</summary>
    /// <param name="key">Of usage <see cref="KeyUsage.PinEncryption"/>; it is no zone's key.</param>
    /// <param name="format">What is inside the block.</param>
    /// <param name="block">The block; the default value to have one made.</param>
    public static PinReference Stored(KeyRef key, PinBlockFormat format, PinBlock block) =>
        new(PinMethod.Stored, key) { Format = format, Block = block };

    /// <inheritdoc/>
    public override string ToString() => "PinReference ****";
}
