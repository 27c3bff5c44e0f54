using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>PIN blocks under a key: one block of DES for formats 0 to 3, two of AES for format 4.</summary>
internal static class PinBlockCipher
{
    /// <summary>Encrypts format 4: AES over PIN field and random bytes, the PAN field added, AES again.</summary>
    internal static void Encrypt4(ref AesKey key, in ClearPin pin, UInt128 panField, ulong random, Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, pin.Field(4, PinBlockCode.FilledWithA));
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], random);
        key.Encrypt(target);
        BinaryPrimitives.WriteUInt128BigEndian(target, BinaryPrimitives.ReadUInt128BigEndian(target) ^ panField);
        key.Encrypt(target);
    }

    /// <summary>Decrypts format 4.</summary>
    internal static PinBlockFault Decrypt4(ref AesKey key, ReadOnlySpan<byte> block, UInt128 panField, out ClearPin pin)
    {
        pin = default;
        if (block.Length != 16)
            return PinBlockFault.Size;
        Span<byte> clear = stackalloc byte[16];
        block.CopyTo(clear);
        key.Decrypt(clear);
        BinaryPrimitives.WriteUInt128BigEndian(clear, BinaryPrimitives.ReadUInt128BigEndian(clear) ^ panField);
        key.Decrypt(clear);
        var fault = PinBlockCode.Decode4(BinaryPrimitives.ReadUInt64BigEndian(clear), out pin);
        CryptographicOperations.ZeroMemory(clear);
        return fault;
    }

    /// <summary>Random nibbles for the filling: any for format 1, A to F for format 3.</summary>
    internal static ulong RandomFill(PinBlockFormat format)
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        if (format != PinBlockFormat.Iso3)
            return BinaryPrimitives.ReadUInt64BigEndian(random);
        ulong fill = 0;
        foreach (var item in random)
        {
            // 252 is the largest multiple of six in a byte; what is above becomes A, a bias that tells nothing.
            fill = (fill << 4) | (10u + (item < 252 ? (uint)item % 6 : 0));
        }

        return fill;
    }
}
