using System.Buffers.Binary;

namespace Processor.Security;

/// <summary>The value of tag 91 for the chip: 8 bytes of ARPC and 2 of response code, or 4 of ARPC, 4 of card status and up to 8 more.</summary>
public readonly struct IssuerAuthentication
{
    private readonly ulong high;
    private readonly ulong low;
    private readonly byte length;

    private IssuerAuthentication(ulong high, ulong low, int length)
    {
        this.high = high;
        this.low = low;
        this.length = (byte)length;
    }

    /// <summary>The most bytes, those of tag 91.</summary>
    public const int LengthMax = 16;

    /// <summary>8 to 16; 0 when none was asked for or made.</summary>
    public int Length => length;

    /// <summary>Copies a value.</summary>
    /// <returns>False for fewer than 8 or more than 16 bytes.</returns>
    public static bool TryFrom(ReadOnlySpan<byte> bytes, out IssuerAuthentication value)
    {
        value = default;
        if (bytes.Length is < 8 or > LengthMax)
            return false;
        Span<byte> padded = stackalloc byte[LengthMax];
        padded.Clear();
        bytes.CopyTo(padded);
        value = new(BinaryPrimitives.ReadUInt64BigEndian(padded), BinaryPrimitives.ReadUInt64BigEndian(padded[8..]), bytes.Length);
        return true;
    }

    /// <summary>Writes the value.</summary>
    /// <returns>The number of bytes written, <see cref="Length"/>.</returns>
    public int CopyTo(Span<byte> target)
    {
        Span<byte> bytes = stackalloc byte[LengthMax];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        bytes[..length].CopyTo(target);
        return length;
    }

    internal static IssuerAuthentication OfMethod1(ulong arpc, ushort responseCode) => new(arpc, (ulong)responseCode << 48, 10);

    internal static IssuerAuthentication OfMethod2(uint arpc, in ArpcRequest request) =>
        new(((ulong)arpc << 32) | request.CardStatusUpdate, request.Proprietary, 8 + request.ProprietaryLength);
}
