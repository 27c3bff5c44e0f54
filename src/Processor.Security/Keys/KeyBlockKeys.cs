using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>The two keys that a key block protection key gives: one encrypts, one authenticates.</summary>
/// <remarks>Versions A and C add a letter to every byte (TR-31:2018 section 5.3); B and D derive by CMAC (X9.143 section 7.2).</remarks>
[StructLayout(LayoutKind.Auto)]
internal struct KeyBlockKeys
{
    private readonly bool isAes;
    private TripleDesKey desCipher;
    private TripleDesKey desMac;
    private AesKey aesCipher;
    private AesKey aesMac;

    internal KeyBlockKeys(char version, ReadOnlySpan<byte> protection)
    {
        isAes = version == 'D';
        Span<byte> cipher = stackalloc byte[32];
        Span<byte> mac = stackalloc byte[32];
        cipher = cipher[..protection.Length];
        mac = mac[..protection.Length];
        if (version is 'A' or 'C')
        {
            for (var index = 0; index < protection.Length; index++)
            {
                cipher[index] = (byte)(protection[index] ^ 'E');
                mac[index] = (byte)(protection[index] ^ 'M');
            }
        }
        else if (isAes)
        {
            var key = new AesKey(protection);
            Derive(ref key, (ushort)(protection.Length / 8), 0, cipher);
            Derive(ref key, (ushort)(protection.Length / 8), 1, mac);
            key.Clear();
        }
        else
        {
            var key = new TripleDesKey(protection);
            Derive(ref key, (ushort)((protection.Length / 8) - 2), 0, cipher);
            Derive(ref key, (ushort)((protection.Length / 8) - 2), 1, mac);
            key.Clear();
        }

        if (isAes)
            (aesCipher, aesMac) = (new AesKey(cipher), new AesKey(mac));
        else
            (desCipher, desMac) = (new TripleDesKey(cipher), new TripleDesKey(mac));
        CryptographicOperations.ZeroMemory(cipher);
        CryptographicOperations.ZeroMemory(mac);
    }

    internal void Encrypt(ReadOnlySpan<byte> iv, Span<byte> data)
    {
        if (isAes)
            Modes.EncryptCbc(ref aesCipher, iv, data);
        else
            Modes.EncryptCbc(ref desCipher, iv, data);
    }

    internal void Decrypt(ReadOnlySpan<byte> iv, Span<byte> data)
    {
        if (isAes)
            Modes.DecryptCbc(ref aesCipher, iv, data);
        else
            Modes.DecryptCbc(ref desCipher, iv, data);
    }

    /// <summary>The CMAC over header and clear key data.</summary>
    internal void MacOfClear(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data, Span<byte> target)
    {
        Span<byte> text = stackalloc byte[KeyBlockHeader.BlockLengthMax + KeyBlock.KeyDataLengthMax];
        text = text[..(header.Length + data.Length)];
        header.CopyTo(text);
        data.CopyTo(text[header.Length..]);
        if (isAes)
            Cmac.Compute(ref aesMac, text, target);
        else
            Cmac.Compute(ref desMac, text, target);
        CryptographicOperations.ZeroMemory(text);
    }

    /// <summary>The chained code over header and encrypted key data.</summary>
    internal void MacOfCipher(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data, Span<byte> target)
    {
        Span<byte> text = stackalloc byte[header.Length + data.Length];
        header.CopyTo(text);
        data.CopyTo(text[header.Length..]);
        BinaryPrimitives.WriteUInt64BigEndian(target, RetailMac.Algorithm1(ref desMac, text, MacPadding.Method1));
    }

    internal void Clear()
    {
        desCipher.Clear();
        desMac.Clear();
        aesCipher.Clear();
        aesMac.Clear();
    }

    // counter(1) usage(2) 00 algorithm(2) length in bits(2)
    private static void Derive<TKey>(ref TKey key, ushort algorithm, byte usage, Span<byte> target)
        where TKey : struct, IBlockKey
    {
        Span<byte> data = [0, 0, usage, 0, 0, (byte)algorithm, 0, (byte)(target.Length * 8)];
        BinaryPrimitives.WriteUInt16BigEndian(data[6..], (ushort)(target.Length * 8));
        Span<byte> block = stackalloc byte[TKey.BlockLength];
        for (data[0] = 1; !target.IsEmpty; data[0]++)
        {
            Cmac.Compute(ref key, data, block);
            var count = Math.Min(block.Length, target.Length);
            block[..count].CopyTo(target);
            target = target[count..];
        }

        CryptographicOperations.ZeroMemory(block);
    }
}
