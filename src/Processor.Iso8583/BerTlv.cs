namespace Processor.Iso8583;

// tag: more bytes follow while the low 5 bits of the first are set, and then while bit 8 is (ISO/IEC 8825-1).
// length: one byte below 0x80, else 0x81 to 0x84 and that many bytes.
internal static class BerTlv
{
    private const int TagBytesMax = 4;

    /// <summary>Finds the object at a position; false when the bytes end inside it or it is no such object.</summary>
    /// <param name="bytes">The element's content.</param>
    /// <param name="position">First tag byte.</param>
    /// <param name="tagBytes">Bytes of the tag.</param>
    /// <param name="start">First value byte.</param>
    /// <param name="length">Value bytes.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int position, out int tagBytes, out int start, out int length)
    {
        tagBytes = 0;
        start = 0;
        length = 0;
        if (position >= bytes.Length || bytes[position] == 0)
            return false;
        int index = position + 1;
        bool hasMore = (bytes[position] & 0x1F) == 0x1F;
        while (hasMore)
        {
            if (index >= bytes.Length || index - position >= TagBytesMax)
                return false;
            hasMore = (bytes[index++] & 0x80) != 0;
        }

        tagBytes = index - position;
        if (index >= bytes.Length)
            return false;
        int lengthBytes = 0;
        length = bytes[index++];
        if (length is >= 0x81 and <= 0x84)
        {
            lengthBytes = length & 0x0F;
            length = 0;
        }

        if (length > 0x7F || bytes.Length - index < lengthBytes)
            return false;
        for (; lengthBytes > 0; lengthBytes--)
            length = (length << 8) | bytes[index++];
        start = index;
        // Four bytes may say more than an integer holds, and it is then negative.
        return length >= 0 && bytes.Length - index >= length;
    }

    /// <summary>The bytes of a tag as one number, big-endian.</summary>
    public static int TagAt(ReadOnlySpan<byte> bytes, int position, int tagBytes)
    {
        int tag = 0;
        foreach (byte value in bytes.Slice(position, tagBytes))
            tag = (tag << 8) | value;
        return tag;
    }
}
