namespace Processor.Security;

/// <summary>CVV and what is computed like it, dCVV and CVC3.</summary>
internal static class CardValue
{
    /// <summary>CVV: as a number of so many digits.</summary>
    /// <param name="key">A double-length key.</param>
    /// <param name="digits">PAN, expiry and service code, ASCII, at most 32.</param>
    /// <param name="count">1 to 16.</param>
    internal static ulong Cvv(ref TripleDesKey key, ReadOnlySpan<byte> digits, int count)
    {
        var first = DigitBlock.Pack(digits.Length > 16 ? digits[..16] : digits) << (4 * Math.Max(0, 16 - digits.Length));
        var second = digits.Length > 16 ? DigitBlock.Pack(digits[16..]) << (4 * (32 - digits.Length)) : 0;
        return DigitBlock.Decimalise(key.Encrypt(key.EncryptSingle(first) ^ second), count);
    }

    /// <summary>The last two bytes of the code over the static track data.</summary>
    internal static ushort IvCvc3(ref TripleDesKey iccKey, ReadOnlySpan<byte> track) =>
        (ushort)RetailMac.Algorithm3(ref iccKey, track, MacPadding.Method2);

    /// <summary>CVC3: 0 to 65535, of which a track has room for the last digits.</summary>
    internal static ushort Cvc3(ref TripleDesKey iccKey, ushort ivCvc3, uint unpredictableNumber, ushort atc) =>
        (ushort)iccKey.Encrypt(((ulong)ivCvc3 << 48) | ((ulong)unpredictableNumber << 16) | atc);

    /// <summary>Puts the counter's last four decimal digits in place of the PAN's first four.</summary>
    internal static void ReplaceByAtc(Span<byte> panDigits, int atcDigits)
    {
        for (var index = 3; index >= 0; index--)
        {
            panDigits[index] = (byte)('0' + (atcDigits % 10));
            atcDigits /= 10;
        }
    }
}
