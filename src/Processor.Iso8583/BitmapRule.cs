using System.Collections.Immutable;

namespace Processor.Iso8583;

/// <summary>How a dialect writes the bitmaps of a message, eight bytes each.</summary>
public sealed class BitmapRule
{
    internal BitmapRule(ImmutableArray<BitmapEncoding> encodings, int countMax, bool isFixed, bool isThirdInPlace)
    {
        Encodings = encodings;
        CountMax = countMax;
        IsFixed = isFixed;
        IsThirdInPlace = isThirdInPlace;
    }

    /// <summary>How each bitmap is written, first to third.</summary>
    public ImmutableArray<BitmapEncoding> Encodings { get; }

    /// <summary>Most bitmaps: 1, 2 or 3. With 1, bit 1 is an element like any other; with 3, so is not bit 65.</summary>
    public int CountMax { get; }

    /// <summary>Whether all of them always stand there, whatever bit 1 says.</summary>
    public bool IsFixed { get; }

    /// <summary>Whether the third stands where DE65 would, instead of behind the second.</summary>
    public bool IsThirdInPlace { get; }

    /// <summary>Bytes on the wire of a bitmap, counted from 0.</summary>
    internal int BytesOf(int index) => Encodings[index] == BitmapEncoding.Binary ? 8 : 16;

    /// <summary>Whether this is what the fast reader knows: one or two bitmaps, written alike, announced by bit 1.</summary>
    internal bool IsPlain =>
        CountMax == 2 && !IsFixed && Encodings[0] == Encodings[1] && Encodings[0] is BitmapEncoding.Binary or BitmapEncoding.Hex;
}
