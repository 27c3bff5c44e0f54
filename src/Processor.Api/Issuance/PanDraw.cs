using System.Security.Cryptography;
using Processor.Cards;

namespace Processor.Api;

/// <summary>Draws PANs of a BIN range by chance.</summary>
internal static class PanDraw
{
    /// <summary>A PAN with its check digit, of the range and of its length. Whether it is taken is not known here.</summary>
    internal static Pan From(BinRange range)
    {
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        digits = digits[..range.PanLength];
        RandomNumberGenerator.GetItems("0123456789"u8, digits);
        var leading = range.Low + Below(range.High - range.Low + 1);
        for (var index = range.Digits - 1; index >= 0; index--)
        {
            digits[index] = (byte)('0' + (leading % 10));
            leading /= 10;
        }

        digits[^1] = CheckDigit(digits[..^1]);
        var isRead = Pan.TryFromDigits(digits, out var pan);
        CryptographicOperations.ZeroMemory(digits);
        return isRead ? pan : throw new ArgumentOutOfRangeException(nameof(range), "No PAN is of that length.");
    }

    // A bias of 2^-11 at most, for ranges of up to 11 digits (below 2^37) drawn from 2^48.
    private static ulong Below(ulong bound)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes[..6]);
        bytes[6..].Clear();
        return BitConverter.ToUInt64(bytes) % bound;
    }

    // ISO/IEC 7812-1 annex B: from the right, the digit beside the check digit and every second one count twice.
    private static byte CheckDigit(ReadOnlySpan<byte> payload)
    {
        var sum = 0;
        var isDoubled = true;
        for (var index = payload.Length - 1; index >= 0; index--, isDoubled = !isDoubled)
        {
            var digit = payload[index] - '0';
            if (isDoubled)
                digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }

        return (byte)('0' + ((10 - (sum % 10)) % 10));
    }
}
