using System.Buffers.Binary;
using System.Globalization;

namespace Processor.Iso8583;

/// <summary>
/// A message type indicator: four digits, version, class, function and origin. <see cref="Value"/> holds them as
/// four nibbles, so <c>0100</c> is <c>0x0100</c> and a <c>switch</c> reads like the standard.
/// </summary>
/// <param name="Value">The four digits, one a nibble; 0x0000 to 0x9999, no nibble above 9.</param>
public readonly record struct Mti(ushort Value)
{
    /// <summary>First digit: 0 for ISO 8583:1987, 1 for 1993, 2 for 2003.</summary>
    public int Version => Value >> 12;

    /// <summary>Second digit: what the message is about.</summary>
    public MtiClass Class => (MtiClass)((Value >> 8) & 0xF);

    /// <summary>Third digit: request, response, advice and so on.</summary>
    public MtiFunction Function => (MtiFunction)((Value >> 4) & 0xF);

    /// <summary>Fourth digit: 0 acquirer, 2 issuer, 4 other; an odd digit is the repeat of the one below it.</summary>
    public int Origin => Value & 0xF;

    /// <summary>Whether the sender waits for a decision: xx0x.</summary>
    public bool IsRequest => Function == MtiFunction.Request;

    /// <summary>Whether the sender reports what was done: xx2x.</summary>
    public bool IsAdvice => Function == MtiFunction.Advice;

    /// <summary>Whether the same message was sent before: an odd last digit.</summary>
    public bool IsRepeat => (Value & 1) != 0;

    /// <summary>Whether this answers another message: an odd third digit. A response is never answered.</summary>
    public bool IsResponse => (Value & 0x10) != 0;

    /// <summary>The first sending of this message: 0101 gives 0100, 0100 gives itself.</summary>
    public Mti ToOriginal() => new((ushort)(Value & ~1));

    /// <summary>
    /// The response to this message: the function one higher, and a repeat answered as its original, so 0100 and
    /// 0101 both give 0110. A response gives itself.
    /// </summary>
    public Mti ToResponse() => new((ushort)((Value & ~1) | 0x10));

    /// <summary>Reads four ASCII digits; false when there are not exactly four or one is no digit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out Mti mti)
    {
        mti = default;
        return ascii.Length == 4 && TryFromDigits(BinaryPrimitives.ReadUInt32BigEndian(ascii), out mti);
    }

    /// <summary>Reads four ASCII digits, the first in the highest byte.</summary>
    internal static bool TryFromDigits(uint ascii, out Mti mti)
    {
        mti = default;
        uint digits = ascii ^ 0x30303030;
        // A byte above 9 has one of its high four bits set, or gets one when 6 is added.
        if (((digits | (digits + 0x06060606)) & 0xF0F0F0F0) != 0)
            return false;
        mti = new Mti((ushort)((digits >> 12 & 0xF000) | (digits >> 8 & 0x0F00) | (digits >> 4 & 0x00F0) | (digits & 0x000F)));
        return true;
    }

    /// <summary>Reads four digits.</summary>
    /// <exception cref="FormatException">There are not exactly four, or one is no digit.</exception>
    public static Mti Parse(string digits)
    {
        Span<byte> ascii = stackalloc byte[4];
        if (digits.Length == 4)
        {
            for (int index = 0; index < 4; index++)
                ascii[index] = digits[index] < 0x80 ? (byte)digits[index] : (byte)0;
            if (TryParse(ascii, out var mti))
                return mti;
        }

        throw new FormatException("A message type indicator is four digits.");
    }

    /// <summary>The four digits.</summary>
    public override string ToString() => Value.ToString("X4", CultureInfo.InvariantCulture);
}
