using Processor.Cards;

namespace Processor.Security;

/// <summary>What an authentication value of 3-D Secure was computed over. Prints a mask. Visa's CAVV is a <see cref="CardValueRequest"/>.</summary>
public readonly struct ThreeDsRequest
{
    /// <summary>Which value.</summary>
    public required ThreeDsProfile Profile { get; init; }

    /// <summary>Of usage <see cref="KeyUsage.Hmac"/>.</summary>
    public required KeyRef Key { get; init; }

    /// <summary>The whole PAN.</summary>
    public required Pan Pan { get; init; }

    /// <summary>The value that came: 20 bytes of SPA1, 4 of SPA2.</summary>
    public required ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The merchant's name as UTF-8, at most 128 bytes.</summary>
    public ReadOnlyMemory<byte> MerchantName { get; init; }

    /// <summary>SPA2: the amount in minor units.</summary>
    public long AmountMinor { get; init; }

    /// <summary>SPA2: ISO 4217, numeric.</summary>
    public ushort Currency { get; init; }

    /// <summary>SPA2: the first four bytes of the directory server's transaction identifier.</summary>
    public uint TransactionIdStart { get; init; }

    /// <inheritdoc/>
    public override string ToString() => "ThreeDsRequest ****";
}
