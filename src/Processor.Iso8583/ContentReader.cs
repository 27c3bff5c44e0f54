namespace Processor.Iso8583;

/// <summary>Turns content as it stands on the wire into text, bytes and numbers. Nothing allocates, nothing throws.</summary>
internal static class ContentReader
{
    public static bool TryGetText(in ElementPlan plan, ReadOnlySpan<byte> bytes, int units, Span<byte> ascii, out int length)
    {
        length = 0;
        if (plan.Class == CharacterClass.B || ascii.Length < units)
            return false;
        length = units;
        if (plan.Encoding == ContentEncoding.Bcd)
            UnpackBcd(in plan, bytes, ascii[..units]);
        else if (plan.CodePage is { } page)
            page.ToLatin1(bytes, ascii);
        else
            bytes.CopyTo(ascii);
        if (plan.Class == CharacterClass.Z && plan.Encoding != ContentEncoding.Bcd)
            ascii[..length].Replace((byte)'D', (byte)'=');
        return true;
    }

    public static bool TryGetBinary(in ElementPlan plan, ReadOnlySpan<byte> content, int units, Span<byte> bytes, out int length)
    {
        length = 0;
        if (plan.Class != CharacterClass.B || bytes.Length < units)
            return false;
        length = units;
        if (plan.IsHex)
            return Content.FromHex(plan.Check, content, bytes);
        content.CopyTo(bytes);
        return true;
    }

    public static bool TryGetNumber(in ElementPlan plan, ReadOnlySpan<byte> bytes, int units, out ulong number)
    {
        number = 0;
        if (plan.Class is CharacterClass.B or CharacterClass.Z or CharacterClass.SignedN || units == 0)
            return false;
        bool isNumber = plan.Encoding == ContentEncoding.Bcd
            ? TryGetPackedNumber(bytes, MessageView.FirstNibble(in plan, units), units, ref number)
            : TryGetTextNumber(bytes, plan.CodePage is null ? '0' : 0xF0, ref number);
        if (!isNumber)
            number = 0;
        return isNumber;
    }

    /// <summary>The number that packed digits make; false when a nibble is none or it does not fit.</summary>
    public static bool TryGetPackedNumber(ReadOnlySpan<byte> packed, out ulong number)
    {
        number = 0;
        if (packed.IsEmpty || !TryGetPackedNumber(packed, 0, 2 * packed.Length, ref number))
            number = 0;
        return !packed.IsEmpty && Content.AreBcdDigits(packed);
    }

    private static bool TryGetTextNumber(ReadOnlySpan<byte> digits, int zero, ref ulong number)
    {
        foreach (byte digit in digits)
        {
            uint value = (uint)(digit - zero);
            if (value > 9 || !TryAppend(ref number, value))
                return false;
        }

        return true;
    }

    private static bool TryGetPackedNumber(ReadOnlySpan<byte> packed, int first, int digits, ref ulong number)
    {
        for (int nibble = first; nibble < first + digits; nibble++)
        {
            int value = (nibble & 1) == 0 ? packed[nibble >> 1] >> 4 : packed[nibble >> 1] & 0xF;
            if (value > 9 || !TryAppend(ref number, (uint)value))
                return false;
        }

        return true;
    }

    private static bool TryAppend(ref ulong number, uint digit)
    {
        const ulong Tenth = ulong.MaxValue / 10;
        if (number > Tenth || (number == Tenth && digit > ulong.MaxValue % 10))
            return false;
        number = number * 10 + digit;
        return true;
    }

    private static void UnpackBcd(in ElementPlan plan, ReadOnlySpan<byte> bytes, Span<byte> ascii)
    {
        if (plan.Class == CharacterClass.SignedN)
        {
            if (ascii.IsEmpty)
                return;
            ascii[0] = bytes[0];
            Content.UnpackNibbles(bytes[1..], 0, ascii[1..]);
            return;
        }

        int first = MessageView.FirstNibble(in plan, ascii.Length);
        Content.UnpackNibbles(bytes, first, ascii);
        if (plan.Nibbles is not { } table)
            return;
        for (int index = 0; index < ascii.Length; index++)
            ascii[index] = table.CharacterOf(ascii[index] - '0');
    }
}
