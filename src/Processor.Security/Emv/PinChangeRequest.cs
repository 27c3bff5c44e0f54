namespace Processor.Security;

/// <summary>A PIN CHANGE/UNBLOCK command with a new PIN for the chip. Prints a mask.</summary>
public readonly struct PinChangeRequest
{
    /// <summary>The card and the transaction; header and data are not used.</summary>
    public required ScriptRequest Script { get; init; }

    /// <summary>The issuer master key for cryptograms, which Visa's PIN block is combined with.</summary>
    public required KeyRef CryptogramKey { get; init; }

    /// <summary>The issuer master key for confidentiality, of usage <see cref="KeyUsage.EmvConfidentiality"/>.</summary>
    public required KeyRef ConfidentialityKey { get; init; }

    /// <summary>The new PIN.</summary>
    public required PinInput NewPin { get; init; }

    /// <summary>The PIN in the chip, for Visa cards that want it; null otherwise.</summary>
    public PinInput? CurrentPin { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "PinChangeRequest ****";
}
