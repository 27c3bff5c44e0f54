using System.Numerics;

namespace Processor.Iso8583;

/// <summary>A set of data elements, 1 to 192. A value: changing one makes another.</summary>
/// <param name="First">DE 1 to 64; the highest bit is DE 1, as in a bitmap.</param>
/// <param name="Second">DE 65 to 128.</param>
/// <param name="Third">DE 129 to 192.</param>
public readonly record struct ElementSet(ulong First, ulong Second, ulong Third)
{
    private const ulong HighestBit = 1UL << 63;

    /// <summary>The set of these elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside 1 to 192.</exception>
    public static ElementSet Of(params ReadOnlySpan<int> dataElements)
    {
        var set = default(ElementSet);
        foreach (int element in dataElements)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(element, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(element, Dialect.ElementMax);
            set |= Single(element);
        }

        return set;
    }

    /// <summary>How many elements are in it.</summary>
    public int Count => BitOperations.PopCount(First) + BitOperations.PopCount(Second) + BitOperations.PopCount(Third);

    /// <summary>Whether the element is in it; false outside 1 to 192.</summary>
    public bool Has(int dataElement)
    {
        uint index = (uint)dataElement - 1;
        ulong bits = index < 64 ? First : index < 128 ? Second : Third;
        return index < Dialect.ElementMax && (bits << (int)(index & 63)) >> 63 != 0;
    }

    /// <summary>The first element above the given one, or 0 when there is none.</summary>
    public int Next(int dataElement)
    {
        for (int index = Math.Max(dataElement, 0); index < Dialect.ElementMax; index = (index | 63) + 1)
        {
            ulong bits = index < 64 ? First : index < 128 ? Second : Third;
            ulong rest = bits & (ulong.MaxValue >> (index & 63));
            if (rest != 0)
                return (index & ~63) + BitOperations.LeadingZeroCount(rest) + 1;
        }

        return 0;
    }

    /// <summary>Those of its elements that lie from the first to the last given, both included.</summary>
    public ElementSet Between(int first, int last) => this & ~Below(first) & Below(last + 1);

    /// <summary>The elements of both.</summary>
    public static ElementSet operator |(ElementSet left, ElementSet right) =>
        new(left.First | right.First, left.Second | right.Second, left.Third | right.Third);

    /// <summary>The elements that are in both.</summary>
    public static ElementSet operator &(ElementSet left, ElementSet right) =>
        new(left.First & right.First, left.Second & right.Second, left.Third & right.Third);

    /// <summary>The elements that are not in it.</summary>
    public static ElementSet operator ~(ElementSet set) => new(~set.First, ~set.Second, ~set.Third);

    private static ElementSet Single(int element)
    {
        ulong bit = HighestBit >> ((element - 1) & 63);
        return element <= 64 ? new(bit, 0, 0) : element <= 128 ? new(0, bit, 0) : new(0, 0, bit);
    }

    private static ElementSet Below(int element) => new(Leading(element - 1), Leading(element - 65), Leading(element - 129));

    private static ulong Leading(int bits) => bits <= 0 ? 0 : bits >= 64 ? ulong.MaxValue : ~(ulong.MaxValue >> bits);
}
