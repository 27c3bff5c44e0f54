namespace Processor.Security;

/// <summary>PVV and IBM 3624: what is computed of a PIN to be kept.</summary>
internal static class PinValue
{
    /// <summary>The Visa PVV, four digits as a number: of the 11 rightmost digits of the PAN without check digit, the index, and four digits of the PIN.</summary>
    internal static ulong Pvv(ref TripleDesKey key, ReadOnlySpan<byte> pan, int keyIndex, in ClearPin pin)
    {
        var body = pan[..^1];
        var digits = DigitBlock.Pack(body.Length > 11 ? body[^11..] : body);
        var firstFour = pin.Digits >> (4 * (pin.Length - 4));
        return DigitBlock.Decimalise(key.Encrypt((digits << 20) | ((ulong)keyIndex << 16) | firstFour), 4);
    }

    /// <summary>16 nibbles of 0 to 9, of which a PIN takes the first.</summary>
    internal static ulong Natural(ref TripleDesKey key, ReadOnlySpan<byte> pan, Ibm3624Profile profile)
    {
        var block = key.Encrypt(ValidationData(pan, profile));
        ulong natural = 0;
        for (var shift = 60; shift >= 0; shift -= 4)
            natural = (natural << 4) | profile.DecimalisationTable[(int)(block >> shift) & 0xF];
        return natural;
    }

    /// <summary>The 16 nibbles that a natural PIN is made of.</summary>
    internal static ulong ValidationData(ReadOnlySpan<byte> pan, Ibm3624Profile profile)
    {
        var start = Math.Min(profile.ValidationStart, pan.Length);
        var taken = pan.Slice(start, Math.Min(profile.ValidationLength, pan.Length - start));
        ulong data = 0;
        for (var index = 0; index < 16; index++)
            data = (data << 4) | (index < taken.Length ? (uint)(taken[index] & 0xF) : profile.Pad);
        return data;
    }

    /// <summary>The offset that leads from the natural PIN to this one, digit by digit, as a number of as many digits.</summary>
    internal static ulong Offset(ulong natural, in ClearPin pin)
    {
        ulong offset = 0;
        for (var index = 0; index < pin.Length; index++)
        {
            var digit = (uint)(pin.Digits >> (4 * (pin.Length - 1 - index))) & 0xF;
            offset = (offset * 10) + ((digit + 10 - ((uint)(natural >> (60 - (4 * index))) & 0xF)) % 10);
        }

        return offset;
    }

    /// <summary>The PIN that an offset leads to.</summary>
    internal static ClearPin FromOffset(ulong natural, in SecretDigits offset)
    {
        Span<byte> digits = stackalloc byte[SecretDigits.LengthMax];
        var length = offset.CopyDigits(digits);
        ulong pin = 0;
        for (var index = 0; index < length; index++)
            pin = (pin << 4) | (((uint)(digits[index] & 0xF) + ((uint)(natural >> (60 - (4 * index))) & 0xF)) % 10);
        digits.Clear();
        return new(pin, length);
    }
}
