using System.Numerics;

namespace Processor.Switch;

/// <summary>A set of data elements, 2 to 128, as two words of bits.</summary>
internal readonly record struct ElementMask(ulong Lower, ulong Upper)
{
    internal static ElementMask Of(IEnumerable<int> elements)
    {
        ulong lower = 0;
        ulong upper = 0;
        foreach (var element in elements)
        {
            if (element <= 64)
                lower |= 1UL << (element - 1);
            else
                upper |= 1UL << (element - 65);
        }

        return new(lower, upper);
    }

    internal bool Has(int element) =>
        element <= 64 ? (Lower & (1UL << (element - 1))) != 0 : (Upper & (1UL << (element - 65))) != 0;

    /// <summary>The first element above the given one, 0 when there is none.</summary>
    internal int Next(int element)
    {
        if (element < 64)
        {
            var rest = Lower & (ulong.MaxValue << element);
            if (rest != 0)
                return BitOperations.TrailingZeroCount(rest) + 1;
            element = 64;
        }

        if (element >= 128)
            return 0;
        var upper = Upper & (ulong.MaxValue << (element - 64));
        return upper == 0 ? 0 : BitOperations.TrailingZeroCount(upper) + 65;
    }

    public static ElementMask operator |(ElementMask left, ElementMask right) => new(left.Lower | right.Lower, left.Upper | right.Upper);
}
