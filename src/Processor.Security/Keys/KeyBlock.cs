using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>Key blocks of ANSI X9.143 (TR-31), versions A to D: a key with what it is for, encrypted and authenticated together.</summary>
/// <remarks>Text: <c>header, encrypted key data as hexadecimal, code as hexadecimal</c>. Key data: <c>length in bits(2) key filling</c>.</remarks>
internal static class KeyBlock
{
    /// <summary>The most bytes of key data.</summary>
    internal const int KeyDataLengthMax = KeyBlockHeader.BlockLengthMax / 2;

    /// <summary>Takes a key out of a block.</summary>
    /// <param name="protection">The key that the block is under: 16 or 24 bytes for A to C, 16, 24 or 32 for D.</param>
    /// <param name="block">All of the block, ASCII.</param>
    /// <param name="header">Its header.</param>
    /// <param name="key">Room for the key, owned by the caller, who clears it.</param>
    /// <param name="length">The key's length in bytes.</param>
    internal static KeyBlockFault Unwrap(ReadOnlySpan<byte> protection, ReadOnlySpan<byte> block, out KeyBlockHeader header, Span<byte> key, out int length)
    {
        length = 0;
        var fault = KeyBlockHeader.Read(block, out header);
        if (fault != KeyBlockFault.None)
            return fault;
        if (!FitsVersion(protection, header.Version))
            return KeyBlockFault.Version;
        var textLength = block.Length - header.Length - header.MacLength;
        if (textLength <= 0 || textLength % (2 * header.CipherLength) != 0 || textLength > 2 * KeyDataLengthMax)
            return KeyBlockFault.Length;
        Span<byte> data = stackalloc byte[textLength / 2];
        Span<byte> mac = stackalloc byte[header.MacLength / 2];
        if (!TryHex(block.Slice(header.Length, textLength), data) || !TryHex(block[^header.MacLength..], mac))
            return KeyBlockFault.Malformed;
        fault = Open(protection, header, block[..header.Length], data, mac)
            ? Take(data, key, out length)
            : KeyBlockFault.Mac;
        CryptographicOperations.ZeroMemory(data);
        return fault;
    }

    /// <summary>Puts a key into a block.</summary>
    /// <param name="protection">The key to protect it with.</param>
    /// <param name="headerText">The header, whose length is written anew.</param>
    /// <param name="key">The key.</param>
    /// <param name="filling">What follows the key, so that key data has whole blocks.</param>
    /// <param name="block">The block, ASCII; empty unless the answer is <see cref="KeyBlockFault.None"/>.</param>
    internal static KeyBlockFault Wrap(ReadOnlySpan<byte> protection, ReadOnlySpan<byte> headerText, ReadOnlySpan<byte> key, ReadOnlySpan<byte> filling, out byte[] block)
    {
        block = [];
        var fault = KeyBlockHeader.ReadFields(headerText, out var header);
        if (fault != KeyBlockFault.None)
            return fault;
        var dataLength = 2 + key.Length + filling.Length;
        var total = header.Length + (2 * dataLength) + header.MacLength;
        if (header.Length != headerText.Length || dataLength % header.CipherLength != 0 || total > KeyBlockHeader.BlockLengthMax)
            return KeyBlockFault.Length;
        if (!FitsVersion(protection, header.Version))
            return KeyBlockFault.Version;
        block = new byte[total];
        headerText.CopyTo(block);
        total.TryFormat(block.AsSpan(1, 4), out _, "D4", System.Globalization.CultureInfo.InvariantCulture);
        Span<byte> data = stackalloc byte[dataLength];
        Span<byte> mac = stackalloc byte[16];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)(key.Length * 8));
        key.CopyTo(data[2..]);
        filling.CopyTo(data[(2 + key.Length)..]);
        Seal(protection, header, block.AsSpan(0, header.Length), data, mac);
        Convert.TryToHexString(data, block.AsSpan(header.Length), out _);
        Convert.TryToHexString(mac[..(header.MacLength / 2)], block.AsSpan(total - header.MacLength), out _);
        return KeyBlockFault.None;
    }

    /// <summary>How much filling a key needs so that every key of its algorithm looks equally long.</summary>
    internal static int FillingLength(char version, KeyAlgorithm algorithm, int keyLength)
    {
        var longest = algorithm switch { KeyAlgorithm.TripleDes => 24, KeyAlgorithm.Aes => 32, _ => keyLength };
        var cipher = version == 'D' ? 16 : 8;
        var whole = (2 + Math.Max(longest, keyLength) + cipher - 1) / cipher * cipher;
        return whole - 2 - keyLength;
    }

    private static bool FitsVersion(ReadOnlySpan<byte> protection, char version) =>
        protection.Length is 16 or 24 || (version == 'D' && protection.Length == 32);

    private static KeyBlockFault Take(ReadOnlySpan<byte> data, Span<byte> key, out int length)
    {
        length = 0;
        var bits = BinaryPrimitives.ReadUInt16BigEndian(data);
        if (bits == 0 || bits % 8 != 0 || bits / 8 > data.Length - 2 || bits / 8 > key.Length)
            return KeyBlockFault.KeyLength;
        length = bits / 8;
        data.Slice(2, length).CopyTo(key);
        return KeyBlockFault.None;
    }

    private static bool Open(ReadOnlySpan<byte> protection, in KeyBlockHeader header, ReadOnlySpan<byte> text, Span<byte> data, ReadOnlySpan<byte> mac)
    {
        Span<byte> expected = stackalloc byte[16];
        var keys = new KeyBlockKeys(header.Version, protection);
        if (header.Version is 'A' or 'C')
        {
            keys.MacOfCipher(text, data, expected);
            keys.Decrypt(text[..8], data);
        }
        else
        {
            keys.Decrypt(mac, data);
            keys.MacOfClear(text, data, expected);
        }

        keys.Clear();
        return CryptographicOperations.FixedTimeEquals(expected[..mac.Length], mac);
    }

    private static void Seal(ReadOnlySpan<byte> protection, in KeyBlockHeader header, ReadOnlySpan<byte> text, Span<byte> data, Span<byte> mac)
    {
        var keys = new KeyBlockKeys(header.Version, protection);
        if (header.Version is 'A' or 'C')
        {
            keys.Encrypt(text[..8], data);
            keys.MacOfCipher(text, data, mac);
        }
        else
        {
            keys.MacOfClear(text, data, mac);
            keys.Encrypt(mac[..header.CipherLength], data);
        }

        keys.Clear();
    }

    private static bool TryHex(ReadOnlySpan<byte> ascii, Span<byte> target) =>
        Convert.FromHexString(ascii, target, out _, out var written) == System.Buffers.OperationStatus.Done && written == target.Length;
}
