using System.Buffers.Binary;
using System.Globalization;

namespace Processor.Iso8583;

/// <summary>Writes what stands before the value of a part: its tag, its identifier, its length.</summary>
internal static class PartTag
{
    /// <summary>The part of a key, or null.</summary>
    public static PartRule? ItemOf(PartsRule rule, string key)
    {
        foreach (var item in rule.Items)
        {
            if (item.Key == key)
                return item;
        }

        return null;
    }

    /// <summary>The bytes of a tag: those of its rule, or what its key says.</summary>
    /// <param name="rule">What the parts are.</param>
    /// <param name="mode">Where the writer stands.</param>
    /// <param name="item">The tag's rule, when the dialect names it.</param>
    /// <param name="key">Text as it reads, or hexadecimal.</param>
    /// <param name="tag">Room for eight bytes; cut to the tag.</param>
    public static bool TryRead(PartsRule rule, PartsMode mode, PartRule? item, string key, scoped ref Span<byte> tag)
    {
        bool isText = mode == PartsMode.Tlv && rule.TagEncoding is not (ContentEncoding.Binary or ContentEncoding.Bcd);
        int bytes = isText ? key.Length : key.Length / 2;
        if (bytes == 0 || bytes > tag.Length || (!isText && key.Length % 2 != 0))
            return false;
        tag = tag[..bytes];
        if (item is { Tag.IsEmpty: false })
        {
            item.Tag.AsSpan().CopyTo(tag);
            return true;
        }

        for (int index = 0; index < bytes; index++)
        {
            byte value = 0;
            if (isText ? key[index] > 0xFF : !byte.TryParse(key.AsSpan(2 * index, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
                return false;
            tag[index] = isText ? (byte)key[index] : value;
        }

        if (isText)
            CodePage.Of(rule.TagEncoding)?.FromLatin1(tag, tag);
        return mode switch
        {
            PartsMode.Tlv => bytes == rule.TagBytes,
            PartsMode.Datasets => bytes == 1,
            _ => IsBerTag(tag),
        };
    }

    /// <summary>Bytes of the length of a value; false when the value is longer than it can say.</summary>
    public static bool TryMeasure(PartsRule rule, PartsMode mode, int value, out int bytes)
    {
        bytes = mode switch
        {
            PartsMode.Tlv => rule.LengthBytes,
            PartsMode.Datasets => 2,
            _ => value < 0x80 ? 1 : value < 0x100 ? 2 : value < 0x1_0000 ? 3 : 4,
        };
        return mode switch
        {
            PartsMode.Tlv => value + rule.LengthIncludes <= LargestOf(rule),
            PartsMode.Datasets => value <= ushort.MaxValue,
            _ => value < 0x100_0000,
        };
    }

    /// <summary>Writes tag and length.</summary>
    public static void Write(PartsRule rule, PartsMode mode, ReadOnlySpan<byte> tag, int value, Span<byte> target)
    {
        int lengthBytes = target.Length - tag.Length;
        bool isLengthFirst = mode == PartsMode.Tlv && rule.IsLengthFirst;
        tag.CopyTo(isLengthFirst ? target[lengthBytes..] : target);
        var length = isLengthFirst ? target[..lengthBytes] : target[tag.Length..];
        if (mode == PartsMode.Tlv)
        {
            ContentWriter.WriteLength(rule.LengthEncoding, value + rule.LengthIncludes, length);
        }
        else if (mode == PartsMode.Datasets)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)value);
        }
        else
        {
            ContentWriter.WriteLength(LengthEncoding.Binary, value, length);
            if (lengthBytes > 1)
                length[0] = (byte)(0x80 | (lengthBytes - 1));
        }
    }

    private static bool IsBerTag(ReadOnlySpan<byte> tag)
    {
        int bytes = 1;
        bool hasMore = (tag[0] & 0x1F) == 0x1F;
        while (hasMore && bytes < tag.Length)
            hasMore = (tag[bytes++] & 0x80) != 0;
        return tag[0] != 0 && !hasMore && bytes == tag.Length && bytes <= 4;
    }

    private static long LargestOf(PartsRule rule)
    {
        int radix = rule.LengthEncoding switch { LengthEncoding.Bcd => 100, LengthEncoding.Binary => 256, LengthEncoding.Hex => 16, _ => 10 };
        long largest = 1;
        for (int index = 0; index < rule.LengthBytes; index++)
            largest *= radix;
        return largest - 1;
    }
}
