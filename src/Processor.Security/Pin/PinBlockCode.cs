namespace Processor.Security;

/// <summary>The clear PIN blocks of ISO 9564-1, as numbers of 16 nibbles with the first one highest.</summary>
internal static class PinBlockCode
{
    internal const ulong FilledWithF = ulong.MaxValue;
    internal const ulong FilledWithA = 0xAAAA_AAAA_AAAA_AAAA;

    /// <summary>Four zero nibbles and the 12 rightmost digits of the PAN without its check digit.</summary>
    internal static ulong PanField(ReadOnlySpan<byte> pan)
    {
        var body = pan[..^1];
        return DigitBlock.Pack(body.Length > 12 ? body[^12..] : body);
    }

    /// <summary>The PAN field of format 4: length over 12, the digits, zeros.</summary>
    internal static UInt128 PanField4(ReadOnlySpan<byte> pan)
    {
        UInt128 field = (uint)Math.Max(0, pan.Length - 12);
        foreach (var item in pan)
            field = (field << 4) | (uint)(item & 0xF);
        return pan.Length <= 12 ? field << (4 * 19) : field << (4 * (31 - pan.Length));
    }

    /// <summary>Makes a clear block of formats 0 to 3.</summary>
    /// <param name="format">Not format 4.</param>
    /// <param name="pin">The PIN.</param>
    /// <param name="panField">For formats 0 and 3.</param>
    /// <param name="fill">Random nibbles for format 1, random nibbles of A to F for format 3, in the places of the filling.</param>
    internal static ulong Encode(PinBlockFormat format, in ClearPin pin, ulong panField, ulong fill) => format switch
    {
        PinBlockFormat.Iso0 => pin.Field(0, FilledWithF) ^ panField,
        PinBlockFormat.Iso1 => pin.Field(1, fill),
        PinBlockFormat.Iso2 => pin.Field(2, FilledWithF),
        PinBlockFormat.Iso3 => pin.Field(3, fill) ^ panField,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Format 4 is not 8 bytes."),
    };

    /// <summary>Reads a clear block of formats 0 to 3, with the same work whatever is in it.</summary>
    internal static PinBlockFault Decode(PinBlockFormat format, ulong block, ulong panField, out ClearPin pin)
    {
        var field = format is PinBlockFormat.Iso0 or PinBlockFormat.Iso3 ? block ^ panField : block;
        return DecodeField((int)format, field, out pin);
    }

    /// <summary>Reads the first half of a format 4 block's plain text.</summary>
    internal static PinBlockFault Decode4(ulong field, out ClearPin pin) => DecodeField(4, field, out pin);

    // Every nibble is looked at, and the first fault in this order is told: format, length, digits, filler.
    private static PinBlockFault DecodeField(int control, ulong field, out ClearPin pin)
    {
        var length = (int)(field >> 56) & 0xF;
        var isLength = length is >= ClearPin.LengthMin and <= ClearPin.LengthMax;
        var bounded = isLength ? length : ClearPin.LengthMin;
        uint notDigits = 0;
        uint notFiller = 0;
        ulong digits = 0;
        for (var index = 0; index < 14; index++)
        {
            var nibble = (uint)(field >> (52 - (4 * index))) & 0xF;
            var isPin = (uint)((index - bounded) >> 31);
            notDigits |= isPin & (nibble + 6) & 0x10;
            digits = (digits << (int)(isPin & 4)) | (isPin & nibble);
            notFiller |= ~isPin & IsNotFiller(control, nibble);
        }

        pin = new(digits, bounded);
        var fault = (int)(field >> 60) != control ? PinBlockFault.Format
            : !isLength ? PinBlockFault.Length
            : notDigits != 0 ? PinBlockFault.Digits
            : notFiller != 0 ? PinBlockFault.Filler
            : PinBlockFault.None;
        if (fault != PinBlockFault.None)
            pin = default;
        return fault;
    }

    private static uint IsNotFiller(int control, uint nibble) => control switch
    {
        0 or 2 => nibble ^ 0xF,
        3 => nibble < 10 ? 1u : 0,
        4 => nibble ^ 0xA,
        _ => 0,
    };
}
