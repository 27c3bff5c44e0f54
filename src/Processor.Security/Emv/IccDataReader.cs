namespace Processor.Security;

/// <summary>Reads BER-TLV of DE 55 into <see cref="IccData"/>.</summary>
internal static class IccDataReader
{
    // Every tag that a cryptogram needs, by its bit in what was seen. 9F27 comes last: a terminal may leave it out.
    private static ReadOnlySpan<ushort> Needed =>
        [0x9F02, 0x9F03, 0x9F1A, 0x95, 0x5F2A, 0x9A, 0x9C, 0x9F37, 0x82, 0x9F36, 0x9F26, 0x9F10, 0x9F27];

    private const int AllButInformation = (1 << 12) - 1;

    internal static IccStatus Read(ReadOnlySpan<byte> tlv, ref IccData data)
    {
        var seen = 0;
        while (!tlv.IsEmpty)
        {
            if (tlv[0] is 0x00 or 0xFF)
            {
                tlv = tlv[1..];
                continue;
            }

            if (!TryReadHead(ref tlv, out var tag, out var length))
                return IccStatus.Malformed;
            var value = tlv[..length];
            tlv = tlv[length..];
            var place = tag <= ushort.MaxValue ? Needed.IndexOf((ushort)tag) : -1;
            if (place < 0)
                continue;
            if ((seen & (1 << place)) != 0)
                return IccStatus.Repeated;
            if (!data.TrySet(tag, value))
                return IccStatus.WrongLength;
            seen |= 1 << place;
        }

        return (seen & AllButInformation) == AllButInformation ? IccStatus.Ok : IccStatus.Incomplete;
    }

    // tag: 1 byte, or 2 to 3 when its low five bits are set; length: 1 byte, or 81 and one, or 82 and two.
    private static bool TryReadHead(ref ReadOnlySpan<byte> tlv, out int tag, out int length)
    {
        tag = tlv[0];
        length = 0;
        var at = 1;
        if ((tag & 0x1F) == 0x1F)
        {
            do
            {
                if (at >= 3 || at >= tlv.Length)
                    return false;
                tag = (tag << 8) | tlv[at];
            }
            while ((tlv[at++] & 0x80) != 0);
        }

        if (at >= tlv.Length)
            return false;
        length = tlv[at++];
        if (length > 0x80)
        {
            var count = length & 0x7F;
            if (count > 2 || at + count > tlv.Length)
                return false;
            length = 0;
            for (; count > 0; count--)
                length = (length << 8) | tlv[at++];
        }
        else if (length == 0x80)
        {
            return false;
        }

        tlv = tlv[at..];
        return length <= tlv.Length;
    }
}
