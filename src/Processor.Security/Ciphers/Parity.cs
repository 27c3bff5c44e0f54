using System.Numerics;

namespace Processor.Security;

/// <summary>The odd parity of DES keys: the lowest bit of each byte makes its number of ones odd.</summary>
internal static class Parity
{
    internal static ulong Adjust(ulong key)
    {
        var fold = key & 0xFEFE_FEFE_FEFE_FEFE;
        var bits = fold ^ (fold >> 4);
        bits ^= bits >> 2;
        bits ^= bits >> 1;
        return fold | (~bits & 0x0101_0101_0101_0101);
    }

    internal static void Adjust(Span<byte> key)
    {
        foreach (ref var item in key)
            item ^= (byte)(1 ^ (BitOperations.PopCount(item) & 1));
    }

    internal static bool IsOdd(ReadOnlySpan<byte> key)
    {
        foreach (var item in key)
        {
            if ((BitOperations.PopCount(item) & 1) == 0)
                return false;
        }

        return true;
    }
}
