using System.Numerics;

namespace Processor.Iso8583;

/// <summary>
/// Where each element of one frame lies: the result of <see cref="Dialect.TryParse"/>. It holds offsets, never
/// content, about 1 KB, and is meant to be pooled: the next parse overwrites it. It is good only together with the
/// frame it was parsed from.
/// </summary>
public sealed class MessageLayout
{
    private const int ElementMax = Iso8583.Dialect.ElementMax;

    internal readonly ElementSlot[] Slots = new ElementSlot[ElementMax + 1];

    /// <summary>Bits of DE 1 to 64 that have been read; the highest bit is DE 1.</summary>
    internal ulong Primary;

    /// <summary>Bits of DE 65 to 128 that have been read; the highest bit is DE 65.</summary>
    internal ulong Secondary;

    /// <summary>Bits of DE 129 to 192 that have been read; the highest bit is DE 129.</summary>
    internal ulong Third;

    /// <summary>Bitmaps that the leading bits announce, whether or not they are there.</summary>
    internal int BitmapCount;

    /// <summary>The dialect of the latest parse; null before the first.</summary>
    public Dialect? Dialect { get; internal set; }

    /// <summary>What came of the latest parse.</summary>
    public ParseStatus Status { get; internal set; }

    /// <summary>Whether the MTI could be read. It can also when the rest could not.</summary>
    public bool HasMti { get; internal set; }

    /// <summary>The MTI, when <see cref="HasMti"/>.</summary>
    public Mti Mti { get; internal set; }

    /// <summary>Why the frame was rejected. The elements before it can be read all the same.</summary>
    public ParseError Error { get; internal set; }

    /// <summary>Elements read, the bitmaps not counted.</summary>
    public int Count =>
        BitOperations.PopCount(Primary) + BitOperations.PopCount(Secondary) + BitOperations.PopCount(Third);

    /// <summary>Whether the element has been read. False for any number the dialect cannot have.</summary>
    public bool Has(int dataElement)
    {
        uint index = (uint)dataElement - 1;
        ulong bits = index < 64 ? Primary : index < 128 ? Secondary : Third;
        return index < ElementMax && (bits << (int)(index & 63)) >> 63 != 0;
    }

    /// <summary>Bytes before the MTI.</summary>
    public int HeaderLength { get; internal set; }

    /// <summary>Bytes from the start of the frame to the content of an element that <see cref="Has"/> says is there.</summary>
    public int OffsetOf(int dataElement) => Has(dataElement) ? Slots[dataElement].Offset : -1;

    /// <summary>Content bytes of an element on the wire; 0 when it is not there.</summary>
    public int LengthOf(int dataElement) => Has(dataElement) ? Slots[dataElement].Bytes : 0;

    /// <summary>The first element present above the given one, or 0 when there is none.</summary>
    public int Next(int dataElement)
    {
        int index = Math.Max(dataElement, 0);
        if (index < 64)
        {
            ulong rest = Primary & (ulong.MaxValue >> index);
            if (rest != 0)
                return BitOperations.LeadingZeroCount(rest) + 1;
            index = 64;
        }

        if (index < 128)
        {
            ulong upper = Secondary & (ulong.MaxValue >> (index - 64));
            if (upper != 0)
                return BitOperations.LeadingZeroCount(upper) + 65;
            index = 128;
        }

        if (index >= ElementMax)
            return 0;
        ulong third = Third & (ulong.MaxValue >> (index - 128));
        return third == 0 ? 0 : BitOperations.LeadingZeroCount(third) + 129;
    }
}
