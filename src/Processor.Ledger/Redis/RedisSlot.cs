using System.Text;

namespace Processor.Ledger;

/// <summary>The slot of a key in a Redis Cluster: CRC16 (XMODEM) of what stands between the first braces, or of all of it.</summary>
/// <remarks>Source: Redis Cluster specification, "Key distribution model" and "Hash tags".</remarks>
internal static class RedisSlot
{
    internal const int Count = 16_384;

    private const ushort Polynomial = 0x1021;

    private static readonly ushort[] Table = [.. Enumerable.Range(0, 256).Select(RemainderOf)];

    internal static int Of(string key) => Of(Encoding.UTF8.GetBytes(key));

    internal static int Of(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf((byte)'{');
        if (open >= 0 && key[(open + 1)..].IndexOf((byte)'}') is > 0 and var length)
            key = key.Slice(open + 1, length);
        ushort remainder = 0;
        foreach (var item in key)
            remainder = (ushort)((remainder << 8) ^ Table[(remainder >> 8) ^ item]);
        return remainder % Count;
    }

    private static ushort RemainderOf(int value)
    {
        var remainder = value << 8;
        for (var bit = 0; bit < 8; bit++)
            remainder = (remainder << 1) ^ ((remainder & 0x8000) != 0 ? Polynomial : 0);
        return (ushort)remainder;
    }
}
