using Processor.Iso8583;

namespace Processor.Cli.Load;

/// <summary>Digits of a message that change from one request to the next, and where they stand in its bytes.</summary>
internal readonly struct DigitPatch
{
    private readonly int offset;
    private readonly int first;
    private readonly int count;
    private readonly bool isPacked;

    private DigitPatch(int offset, int first, int count, bool isPacked)
    {
        this.offset = offset;
        this.first = first;
        this.count = count;
        this.isPacked = isPacked;
    }

    /// <summary>Finds an element, or a part of it; a patch that does nothing when the message does not have it.</summary>
    /// <param name="layout">The message.</param>
    /// <param name="dataElement">Which element.</param>
    /// <param name="units">Digits that the element holds.</param>
    /// <param name="start">The first of its digits that changes, from 0.</param>
    /// <param name="count">How many change; all from the first one without it.</param>
    public static DigitPatch Of(MessageLayout layout, int dataElement, int units, int start = 0, int? count = null)
    {
        if (!layout.Has(dataElement))
            return default;
        var rule = layout.Dialect![dataElement]!;
        bool isPacked = rule.Encoding == ContentEncoding.Bcd;
        int filler = isPacked && rule.Pad == NibblePad.Left0 ? units & 1 : 0;
        return new(layout.OffsetOf(dataElement), filler + start, count ?? (units - start), isPacked);
    }

    /// <summary>Writes the lowest digits of a number over those that stand there.</summary>
    /// <param name="message">The message from its first byte.</param>
    /// <param name="number">The number; leading zeros fill up.</param>
    public void Write(Span<byte> message, ulong number)
    {
        if (!isPacked)
        {
            for (int index = offset + first + count - 1; index >= offset + first; index--)
            {
                (number, ulong digit) = Math.DivRem(number, 10);
                message[index] = (byte)('0' + digit);
            }

            return;
        }

        for (int nibble = first + count - 1; nibble >= first; nibble--)
        {
            (number, ulong digit) = Math.DivRem(number, 10);
            ref byte pair = ref message[offset + (nibble >> 1)];
            pair = (byte)((nibble & 1) == 0 ? (pair & 0x0F) | (int)(digit << 4) : (pair & 0xF0) | (int)digit);
        }
    }
}
