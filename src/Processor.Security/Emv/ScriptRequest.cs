using Processor.Cards;

namespace Processor.Security;

/// <summary>A command for the chip (tag 86 in 71 or 72) that gets a MAC. Prints a mask.</summary>
public readonly struct ScriptRequest
{
    /// <summary>How the card secures its commands.</summary>
    public required EmvProfile Profile { get; init; }

    /// <summary>The issuer master key for integrity, of usage <see cref="KeyUsage.EmvIntegrity"/>.</summary>
    public required KeyRef IntegrityKey { get; init; }

    /// <summary>How the card's keys are derived.</summary>
    public IccKeyOption KeyOption { get; init; }

    /// <summary>The whole PAN.</summary>
    public required Pan Pan { get; init; }

    /// <summary>The card's sequence number, 0 to 99.</summary>
    public required byte Psn { get; init; }

    /// <summary>The transaction's counter.</summary>
    public required ushort Atc { get; init; }

    /// <summary>The transaction's cryptogram.</summary>
    public required ulong Cryptogram { get; init; }

    /// <summary>CLA INS P1 P2 Lc, with Lc counting the MAC; 5 bytes. Empty for a PIN change, which makes its own.</summary>
    public ReadOnlyMemory<byte> Header { get; init; }

    /// <summary>The command's data without the MAC, at most 240 bytes.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "ScriptRequest ****";
}
