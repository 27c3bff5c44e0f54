using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>Keys of a terminal by ANSI X9.24-3: AES throughout.</summary>
internal static class DukptAes
{
    internal const ushort UsageKeyEncryption = 0x0002;
    internal const ushort UsagePin = 0x1000;
    internal const ushort UsageMacGenerate = 0x2000;
    internal const ushort UsageMacVerify = 0x2001;
    internal const ushort UsageMacBoth = 0x2002;
    internal const ushort UsageDataEncrypt = 0x3000;
    internal const ushort UsageDataDecrypt = 0x3001;
    internal const ushort UsageDataBoth = 0x3002;
    internal const ushort UsageDerivation = 0x8000;
    internal const ushort UsageInitial = 0x8001;

    /// <summary>The most bytes of a key.</summary>
    internal const int KeyLengthMax = 32;

    /// <summary>The terminal's initial key.</summary>
    internal static void InitialKey(ReadOnlySpan<byte> baseKey, ReadOnlySpan<byte> initialKeyId, Span<byte> target)
    {
        Span<byte> data = stackalloc byte[16];
        Head(data, UsageInitial, AlgorithmOf(baseKey.Length), baseKey.Length);
        initialKeyId[..8].CopyTo(data[8..]);
        Derive(baseKey, data, target[..baseKey.Length]);
    }

    /// <summary>A key of one transaction.</summary>
    /// <param name="baseKey">16, 24 or 32 bytes.</param>
    /// <param name="ksn">12 bytes: the initial key's identifier and a counter.</param>
    /// <param name="usage">One of the usages here; <see cref="UsageDerivation"/> gives the key that others are derived from.</param>
    /// <param name="algorithm">As X9.24-3 has it: 0 and 1 for DES, 2 to 4 for AES.</param>
    /// <param name="target">Of the wanted key's length.</param>
    internal static void TransactionKey(ReadOnlySpan<byte> baseKey, ReadOnlySpan<byte> ksn, ushort usage, ushort algorithm, Span<byte> target)
    {
        Span<byte> key = stackalloc byte[KeyLengthMax];
        Span<byte> next = stackalloc byte[KeyLengthMax];
        Span<byte> data = stackalloc byte[16];
        key = key[..baseKey.Length];
        next = next[..baseKey.Length];
        InitialKey(baseKey, ksn, key);
        var counter = BinaryPrimitives.ReadUInt32BigEndian(ksn[8..]);
        uint working = 0;
        for (var bit = 1u << 31; bit != 0; bit >>= 1)
        {
            if ((counter & bit) == 0)
                continue;
            working |= bit;
            Head(data, UsageDerivation, AlgorithmOf(baseKey.Length), baseKey.Length);
            ksn[4..8].CopyTo(data[8..]);
            BinaryPrimitives.WriteUInt32BigEndian(data[12..], working);
            Derive(key, data, next);
            next.CopyTo(key);
        }

        if (usage == UsageDerivation && target.Length == key.Length)
        {
            key.CopyTo(target);
        }
        else
        {
            Head(data, usage, algorithm, target.Length);
            ksn[4..8].CopyTo(data[8..]);
            BinaryPrimitives.WriteUInt32BigEndian(data[12..], counter);
            Derive(key, data, target);
        }

        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(next);
    }

    /// <summary>The number of AES with keys of so many bytes.</summary>
    internal static ushort AlgorithmOf(int keyLength) => (ushort)(keyLength / 8);

    // version 01, block number, usage(2), algorithm(2), length in bits(2), then eight bytes of identifier and counter
    private static void Head(Span<byte> data, ushort usage, ushort algorithm, int keyLength)
    {
        data[0] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(data[2..], usage);
        BinaryPrimitives.WriteUInt16BigEndian(data[4..], algorithm);
        BinaryPrimitives.WriteUInt16BigEndian(data[6..], (ushort)(keyLength * 8));
    }

    private static void Derive(ReadOnlySpan<byte> key, Span<byte> data, Span<byte> target)
    {
        Span<byte> block = stackalloc byte[16];
        var aes = new AesKey(key);
        for (data[1] = 1; !target.IsEmpty; data[1]++)
        {
            data.CopyTo(block);
            aes.Encrypt(block);
            var count = Math.Min(target.Length, 16);
            block[..count].CopyTo(target);
            target = target[count..];
        }

        aes.Clear();
        CryptographicOperations.ZeroMemory(block);
    }
}
