using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>Mastercard's authentication values of 3-D Secure.</summary>
internal static class Spa
{
    /// <summary>Bytes of a SPA1 value.</summary>
    internal const int AavLength = 20;

    /// <summary>Bytes of a SPA2 issuer value.</summary>
    internal const int IavLength = 4;

    /// <summary>SPA1: control(1) merchant hash(8) ACS(1) method and key(1) TSN(4) code(5). The code is HMAC-SHA-1 over the PAN and what stands before it.</summary>
    internal static void Aav(ReadOnlySpan<byte> key, ReadOnlySpan<byte> pan, ReadOnlySpan<byte> merchant, byte control, ReadOnlySpan<byte> acsMethodTsn, Span<byte> target)
    {
        Span<byte> text = stackalloc byte[10 + 15];
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        PackPan(pan, text);
        text[10] = control;
#pragma warning disable CA5350 // SPA1 is made with SHA-1.
        SHA1.HashData(merchant, hash);
        hash[..8].CopyTo(text[11..]);
        acsMethodTsn[..6].CopyTo(text[19..]);
        HMACSHA1.HashData(key, text, hash);
#pragma warning restore CA5350
        text[10..].CopyTo(target);
        hash[..5].CopyTo(target[15..]);
        text.Clear();
    }

    /// <summary>SPA2: the first four bytes of HMAC-SHA-256.</summary>
    internal static uint Iav(ReadOnlySpan<byte> key, ReadOnlySpan<byte> pan, ReadOnlySpan<byte> merchant, long amountMinor, ushort currencyBcd, uint transactionIdStart)
    {
        // PAN(10) merchant hash(4) amount code(2) currency(2) transaction id(4)
        Span<byte> text = stackalloc byte[22];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        PackPan(pan, text);
        SHA256.HashData(merchant, hash);
        hash[..4].CopyTo(text[10..]);
        BinaryPrimitives.WriteUInt16BigEndian(text[14..], AmountCode(amountMinor));
        BinaryPrimitives.WriteUInt16BigEndian(text[16..], currencyBcd);
        BinaryPrimitives.WriteUInt32BigEndian(text[18..], transactionIdStart);
        HMACSHA256.HashData(key, text, hash);
        text.Clear();
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }

    /// <summary>SPA2's two bytes for an amount: itself up to 140.00, then a logarithm.</summary>
    internal static ushort AmountCode(long amountMinor) => amountMinor <= 14_000
        ? (ushort)amountMinor
        : (ushort)Math.Min(ushort.MaxValue, Math.Truncate(6553.6 * Math.Log10(amountMinor / 100.0)));

    // Two digits to a byte, filled with F on the right to ten bytes.
    private static void PackPan(ReadOnlySpan<byte> pan, Span<byte> target)
    {
        for (var index = 0; index < 20; index++)
        {
            var nibble = index < pan.Length ? pan[index] & 0xF : 0xF;
            target[index / 2] = (byte)((index & 1) == 0 ? nibble << 4 : target[index / 2] | nibble);
        }
    }
}
