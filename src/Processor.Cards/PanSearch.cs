using System.Globalization;

namespace Processor.Cards;

/// <summary>Finds card numbers in text that is not meant to hold any.</summary>
public static class PanSearch
{
    // Lengths of the PANs that card networks issue.
    private const int LengthMin = 13;

    /// <summary>True when the text holds 13 to 19 digits that have a PAN's check digit, together or in groups with one blank, hyphen
    /// or dot between them.</summary>
    /// <remarks>Card networks' PANs begin with 2 to 9 (ISO/IEC 7812-1: 0 is no issuer of cards, 1 an airline's). What begins otherwise is
    /// let through, as times and serial numbers do; of other numbers of that length one in ten is taken for a PAN.</remarks>
    public static bool HasPan(ReadOnlySpan<char> text)
    {
        for (var start = 0; start < text.Length; start++)
        {
            if (DigitAt(text, start) >= 2 && DigitAt(text, start - 1) < 0 && BeginsWithPan(text[start..]))
                return true;
        }

        return false;
    }

    /// <summary>True when a PAN begins here and ends where a group of digits ends.</summary>
    private static bool BeginsWithPan(ReadOnlySpan<char> text)
    {
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        var count = 0;
        for (var index = 0; ; index++)
        {
            var digit = DigitAt(text, index);
            if (digit >= 0 && count == Pan.LengthMax)
                return false;
            if (digit >= 0)
            {
                digits[count++] = (byte)('0' + digit);
                continue;
            }

            if (count >= LengthMin && Pan.TryFromDigits(digits[..count], out var pan) && pan.HasCheckDigit)
                return true;
            if (index >= text.Length || text[index] is not (' ' or '-' or '.') || DigitAt(text, index + 1) < 0)
                return false;
        }
    }

    /// <summary>The value of a digit of any script, −1 for anything else and outside the text.</summary>
    private static int DigitAt(ReadOnlySpan<char> text, int index) =>
        (uint)index < (uint)text.Length ? CharUnicodeInfo.GetDecimalDigitValue(text[index]) : -1;
}
