using Processor.Cards;

namespace Processor.Security;

/// <summary>A cryptogram of a chip (ARQC, TC or AAC) to be checked, and what to tell the chip. Prints a mask.</summary>
public readonly struct ArqcRequest
{
    /// <summary>How the card makes cryptograms.</summary>
    public required EmvProfile Profile { get; init; }

    /// <summary>The issuer master key of usage <see cref="KeyUsage.EmvCryptogram"/>.</summary>
    public required KeyRef Key { get; init; }

    /// <summary>How the card's key is derived.</summary>
    public IccKeyOption KeyOption { get; init; }

    /// <summary>How the session key is made where the card does it otherwise than its profile says; null for the profile's way.</summary>
    public SessionMethod? Session { get; init; }

    /// <summary>The whole PAN.</summary>
    public required Pan Pan { get; init; }

    /// <summary>The card's sequence number, 0 to 99.</summary>
    public required byte Psn { get; init; }

    /// <summary>What came in DE 55, with the cryptogram.</summary>
    public required IccData Icc { get; init; }

    /// <summary>What to tell the chip when the transaction is approved; the default value for nothing.</summary>
    public ArpcRequest Approval { get; init; }

    /// <summary>What to tell the chip when it is declined; the default value for nothing.</summary>
    public ArpcRequest Decline { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "ArqcRequest ****";
}
