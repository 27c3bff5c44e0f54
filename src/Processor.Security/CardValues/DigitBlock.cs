namespace Processor.Security;

/// <summary>Digits packed into nibbles, and the ways in which schemes make decimal digits of a cipher's block.</summary>
internal static class DigitBlock
{
    /// <summary>Packs up to 16 ASCII digits, the last one lowest.</summary>
    internal static ulong Pack(ReadOnlySpan<byte> ascii)
    {
        ulong block = 0;
        foreach (var item in ascii)
            block = (block << 4) | (uint)(item & 0xF);
        return block;
    }

    /// <summary>Packs a number as so many decimal digits, the last one lowest.</summary>
    internal static ulong PackNumber(ulong number, int count)
    {
        ulong block = 0;
        for (var index = 0; index < count; index++)
        {
            block |= (number % 10) << (4 * index);
            number /= 10;
        }

        return block;
    }

    /// <summary>The decimal digits of the 16 nibbles from the left, then the letters as 0 to 5, as a number of so many digits.</summary>
    internal static ulong Decimalise(ulong block, int count)
    {
        ulong number = 0;
        var found = 0;
        for (var shift = 60; shift >= 0 && found < count; shift -= 4)
        {
            var nibble = (uint)(block >> shift) & 0xF;
            if (nibble > 9)
                continue;
            number = (number * 10) + nibble;
            found++;
        }

        for (var shift = 60; shift >= 0 && found < count; shift -= 4)
        {
            var nibble = (uint)(block >> shift) & 0xF;
            if (nibble <= 9)
                continue;
            number = (number * 10) + nibble - 10;
            found++;
        }

        return number;
    }
}
