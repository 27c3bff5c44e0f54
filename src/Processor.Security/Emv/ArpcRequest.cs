namespace Processor.Security;

/// <summary>What the issuer says to the chip: an authorization response code, or a card status update.</summary>
public readonly struct ArpcRequest
{
    private ArpcRequest(byte method) => Method = method;

    /// <summary>1 or 2; 0 for the default value, which asks for nothing.</summary>
    public byte Method { get; }

    /// <summary>Method 1: two bytes, such as 0x3030.</summary>
    public ushort ResponseCode { get; private init; }

    /// <summary>Method 2: four bytes.</summary>
    public uint CardStatusUpdate { get; private init; }

    /// <summary>Method 2: up to 8 bytes, in the highest of this number.</summary>
    public ulong Proprietary { get; private init; }

    /// <summary>How many bytes of <see cref="Proprietary"/> there are.</summary>
    public byte ProprietaryLength { get; private init; }

    /// <summary>Method 1: over the authorization response code (tag 8A).</summary>
    public static ArpcRequest ForResponseCode(ushort responseCode) => new(1) { ResponseCode = responseCode };

    /// <summary>Method 2: over the card status update, with up to 8 bytes of proprietary authentication data in the highest bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not 0 to 8.</exception>
    public static ArpcRequest ForCardStatus(uint cardStatusUpdate, ulong proprietary = 0, int proprietaryLength = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)proprietaryLength, 8u);
        return new(2) { CardStatusUpdate = cardStatusUpdate, Proprietary = proprietary, ProprietaryLength = (byte)proprietaryLength };
    }
}
