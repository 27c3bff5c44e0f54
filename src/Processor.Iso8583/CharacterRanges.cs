using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Processor.Iso8583;

/// <summary>Checks of text that are made of ranges, sixteen characters at once.</summary>
internal static class CharacterRanges
{
    /// <summary>Whether all are ASCII letters, digits or spaces.</summary>
    public static bool AreLettersAndDigits(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= Vector128<byte>.Count)
            return AreLettersAndDigits(Spread(bytes));
        for (int index = 0; index <= bytes.Length - Vector128<byte>.Count; index += Vector128<byte>.Count)
        {
            if (!AreLettersAndDigits(Vector128.Create(bytes[index..])))
                return false;
        }

        return AreLettersAndDigits(Vector128.Create(bytes[^Vector128<byte>.Count..]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreLettersAndDigits(Vector128<byte> text)
    {
        var letters = (text | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a');
        var isLetter = Vector128.LessThanOrEqual(letters, Vector128.Create((byte)('z' - 'a')));
        var isDigit = Vector128.LessThanOrEqual(text - Vector128.Create((byte)'0'), Vector128.Create((byte)9));
        var isSpace = Vector128.Equals(text, Vector128.Create((byte)' '));
        return (isLetter | isDigit | isSpace) == Vector128<byte>.AllBitsSet;
    }

    /// <summary>At most sixteen characters as a vector; where they are fewer, some stand in it more than once; none gives spaces.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Spread(ReadOnlySpan<byte> bytes)
    {
        ulong lower;
        ulong upper;
        if (bytes.Length >= sizeof(ulong))
        {
            lower = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            upper = BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]);
        }
        else if (bytes.Length >= sizeof(uint))
        {
            lower = BinaryPrimitives.ReadUInt32LittleEndian(bytes) | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]) << 32;
            upper = lower;
        }
        else
        {
            if (bytes.IsEmpty)
                return Vector128.Create((byte)' ');
            lower = (uint)(bytes[0] | bytes[bytes.Length >> 1] << 8 | bytes[^1] << 16 | bytes[0] << 24);
            lower |= lower << 32;
            upper = lower;
        }

        return Vector128.Create(lower, upper).AsByte();
    }
}
