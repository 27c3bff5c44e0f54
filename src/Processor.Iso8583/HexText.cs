using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Processor.Iso8583;

/// <summary>A bitmap of eight bytes as 16 ASCII hexadecimal digits and back, all digits at once.</summary>
internal static class HexText
{
    /// <summary>Digits of one bitmap.</summary>
    public const int Digits = 16;

    /// <summary>Reads 16 digits of either case; false when one is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> hex, out ulong value)
    {
        var digits = Vector128.Create(hex[..Digits]);
        var letters = (digits | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a');
        var isNumber = Vector128.LessThanOrEqual(digits - Vector128.Create((byte)'0'), Vector128.Create((byte)9));
        var isLetter = Vector128.LessThanOrEqual(letters, Vector128.Create((byte)5));
        // '0' is 0x30, 'A' 0x41 and 'a' 0x61: the low four bits, and 9 more for a letter.
        var nibbles = (digits & Vector128.Create((byte)0x0F)) + (isLetter & Vector128.Create((byte)9));
        var pairs = nibbles.AsUInt16();
        var bytes = Vector128.Narrow((pairs << 4 | pairs >> 8) & Vector128.Create((ushort)0xFF), Vector128<ushort>.Zero);
        value = BinaryPrimitives.ReverseEndianness(bytes.AsUInt64().ToScalar());
        return (isNumber | isLetter) == Vector128<byte>.AllBitsSet;
    }

    /// <summary>Writes 16 digits, letters in upper case.</summary>
    public static void Write(ulong value, Span<byte> hex)
    {
        var bytes = Vector128.CreateScalar(BinaryPrimitives.ReverseEndianness(value)).AsByte();
        var pairs = Vector128.WidenLower(bytes);
        var nibbles = (pairs >> 4 | (pairs & Vector128.Create((ushort)0x0F)) << 8).AsByte();
        var isLetter = Vector128.GreaterThan(nibbles, Vector128.Create((byte)9));
        var digits = nibbles + Vector128.Create((byte)'0') + (isLetter & Vector128.Create((byte)('A' - '0' - 10)));
        digits.CopyTo(hex);
    }
}
