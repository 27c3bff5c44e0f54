using System.Buffers.Binary;

namespace Processor.Security;

/// <summary>ISO 9797-1 algorithms 1 and 3 over DES.</summary>
internal static class RetailMac
{
    /// <summary>Algorithm 3: blocks under the first half of the key, the last one under both. The first byte of the code is highest.</summary>
    internal static ulong Algorithm3(ref TripleDesKey key, ReadOnlySpan<byte> data, MacPadding padding) =>
        Chain(ref key, data, padding, isTripleThroughout: false);

    /// <summary>Algorithm 1: every block under the whole key.</summary>
    internal static ulong Algorithm1(ref TripleDesKey key, ReadOnlySpan<byte> data, MacPadding padding) =>
        Chain(ref key, data, padding, isTripleThroughout: true);

    private static ulong Chain(ref TripleDesKey key, ReadOnlySpan<byte> data, MacPadding padding, bool isTripleThroughout)
    {
        ulong state = 0;
        if (padding == MacPadding.Method3)
            state = isTripleThroughout ? key.Encrypt((ulong)data.Length * 8) : key.EncryptSingle((ulong)data.Length * 8);
        for (; data.Length > 8; data = data[8..])
        {
            state ^= BinaryPrimitives.ReadUInt64BigEndian(data);
            state = isTripleThroughout ? key.Encrypt(state) : key.EncryptSingle(state);
        }

        if (padding == MacPadding.Method2 && data.Length == 8)
        {
            state ^= BinaryPrimitives.ReadUInt64BigEndian(data);
            state = isTripleThroughout ? key.Encrypt(state) : key.EncryptSingle(state);
            data = default;
        }

        return key.Encrypt(state ^ Last(data, padding));
    }

    private static ulong Last(ReadOnlySpan<byte> data, MacPadding padding)
    {
        ulong block = 0;
        foreach (var item in data)
            block = (block << 8) | item;
        if (data.Length < 8)
        {
            block = padding == MacPadding.Method2 ? (block << 8) | 0x80 : block << 8;
            block <<= 8 * (7 - data.Length);
        }

        return block;
    }
}
