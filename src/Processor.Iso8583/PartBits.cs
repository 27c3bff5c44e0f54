using System.Globalization;

namespace Processor.Iso8583;

/// <summary>The bits of parts that have been written, in ascending order, and the bitmap that they make.</summary>
internal struct PartBits
{
    private const int UnitBits = 16;

    private ulong _first;
    private ulong _second;
    private ulong _third;
    private int _last;

    /// <summary>Header and bitmap before the parts.</summary>
    public static int BytesBefore(PartsRule rule) =>
        rule.HeaderBytes + (rule.BitmapEncoding == ContentEncoding.Binary ? rule.BitmapBytes : 2 * rule.BitmapBytes);

    /// <summary>Whether the key is the number of a bit behind all that are set.</summary>
    public readonly bool IsNext(string key) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > _last && number < 3 * 64;

    /// <summary>Sets the bit of a key that is the next.</summary>
    public bool Add(string key)
    {
        _last = int.Parse(key, NumberStyles.None, CultureInfo.InvariantCulture);
        Set(_last);
        return true;
    }

    /// <summary>Writes the bitmap behind its header; bits count from 1.</summary>
    public readonly bool TryWrite(PartsRule rule, Span<byte> room)
    {
        Span<byte> bytes = stackalloc byte[24];
        Fill(bytes, shift: 1);
        var target = room[rule.HeaderBytes..BytesBefore(rule)];
        if (_last > 8 * rule.BitmapBytes)
            return false;
        if (rule.BitmapEncoding == ContentEncoding.Binary)
            bytes[..rule.BitmapBytes].CopyTo(target);
        else
            ContentWriter.WriteHex(bytes[..rule.BitmapBytes], rule.BitmapEncoding == ContentEncoding.HexEbcdic ? CodePage.Cp500 : null, target);
        return true;
    }

    /// <summary>
    /// Writes the bitmap of a dataset before its parts: units of 16 bits counted from 0, of which bit 0 says that another follows, and
    /// the last bit of the last that tags follow the parts.
    /// </summary>
    public readonly bool TryWriteUnits(Span<byte> room, ref int length, bool hasTail)
    {
        Span<byte> bytes = stackalloc byte[26];
        bytes.Clear();
        Fill(bytes[..24], shift: 0);
        int units = _last / UnitBits + (_last % UnitBits == UnitBits - 1 ? 2 : 1);
        if (2 * units > 24 || room.Length - length < 2 * units)
            return false;
        for (int unit = 0; unit + 1 < units; unit++)
            bytes[2 * unit] |= 0x80;
        if (hasTail)
            bytes[2 * units - 1] |= 1;
        room[..length].CopyTo(room[(2 * units)..]);
        bytes[..(2 * units)].CopyTo(room);
        length += 2 * units;
        return true;
    }

    private void Set(int number)
    {
        ulong bit = 1UL << (63 - (number & 63));
        if (number < 64)
            _first |= bit;
        else if (number < 128)
            _second |= bit;
        else
            _third |= bit;
    }

    private readonly void Fill(Span<byte> bytes, int shift)
    {
        bytes.Clear();
        for (int number = shift; number < 3 * 64; number++)
        {
            ulong word = number < 64 ? _first : number < 128 ? _second : _third;
            if ((word >> (63 - (number & 63)) & 1) != 0)
                bytes[(number - shift) >> 3] |= (byte)(0x80 >> ((number - shift) & 7));
        }
    }
}
