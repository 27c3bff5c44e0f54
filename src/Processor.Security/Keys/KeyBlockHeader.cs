using System.Buffers.Text;
using System.Globalization;

namespace Processor.Security;

/// <summary>The header of a key block: ANSI X9.143 section 6.</summary>
/// <remarks><c>version(1) length(4) usage(2) algorithm(1) mode(1) key version(2) exportability(1) optional blocks(2) reserved(2)</c> and then
/// the optional blocks: <c>identifier(2) length(2, hexadecimal, all of it) data</c>, or a length of 00, the number of length digits(2) and the length.</remarks>
internal readonly struct KeyBlockHeader
{
    internal const int FixedLength = 16;

    /// <summary>The longest block that is read.</summary>
    internal const int BlockLengthMax = 4096;

    internal required char Version { get; init; }

    internal required KeyUsage Usage { get; init; }

    internal required KeyAlgorithm Algorithm { get; init; }

    internal required KeyMode Mode { get; init; }

    internal required KeyExportability Exportability { get; init; }

    /// <summary>All of the header's characters, optional blocks included.</summary>
    internal required int Length { get; init; }

    /// <summary>Hexadecimal characters of the code at the end.</summary>
    internal int MacLength => Version switch { 'B' => 16, 'D' => 32, _ => 8 };

    /// <summary>Bytes of a cipher block.</summary>
    internal int CipherLength => Version == 'D' ? 16 : 8;

    /// <summary>Reads a header at the start of <paramref name="block"/>, whose length must be the one that the header says.</summary>
    internal static KeyBlockFault Read(ReadOnlySpan<byte> block, out KeyBlockHeader header)
    {
        header = default;
        if (block.Length is < FixedLength or > BlockLengthMax)
            return KeyBlockFault.Length;
        if (!TryNumber(block[1..5], out var length))
            return KeyBlockFault.Malformed;
        if (length != block.Length)
            return KeyBlockFault.Length;
        return ReadFields(block, out header);
    }

    /// <summary>Reads a header that stands alone, to be put before a key; its length field is passed over.</summary>
    internal static KeyBlockFault ReadFields(ReadOnlySpan<byte> block, out KeyBlockHeader header)
    {
        header = default;
        if (block.Length < FixedLength)
            return KeyBlockFault.Length;
        if (block[0] is < (byte)'A' or > (byte)'D')
            return KeyBlockFault.Version;
        if (!TryNumber(block[12..14], out var count))
            return KeyBlockFault.Malformed;
        var fault = MeasureOptional(block, count, out var end);
        if (fault != KeyBlockFault.None)
            return fault;
        header = new()
        {
            Version = (char)block[0],
            Usage = (KeyUsage)((block[5] << 8) | block[6]),
            Algorithm = (KeyAlgorithm)block[7],
            Mode = (KeyMode)block[8],
            Exportability = (KeyExportability)block[11],
            Length = end,
        };
        return KeyBlockFault.None;
    }

    /// <summary>Writes a header of 16 characters with the length of the whole block.</summary>
    internal static string Text(char version, KeyUsage usage, KeyAlgorithm algorithm, KeyMode mode, KeyExportability exportability) =>
        string.Create(CultureInfo.InvariantCulture, $"{version}0000{(char)((int)usage >> 8)}{(char)((int)usage & 0xFF)}{(char)algorithm}{(char)mode}00{(char)exportability}0000");

    private static KeyBlockFault MeasureOptional(ReadOnlySpan<byte> block, int count, out int end)
    {
        end = FixedLength;
        for (; count > 0; count--)
        {
            if (end + 4 > block.Length)
                return KeyBlockFault.Length;
            if (!TryHex(block.Slice(end + 2, 2), out var length))
                return KeyBlockFault.Malformed;
            var least = 4;
            if (length == 0)
            {
                if (end + 6 > block.Length)
                    return KeyBlockFault.Length;
                if (!TryHex(block.Slice(end + 4, 2), out var digits) || digits is 0 or > 4)
                    return KeyBlockFault.Malformed;
                least = 6 + digits;
                if (end + least > block.Length)
                    return KeyBlockFault.Length;
                if (!TryHex(block.Slice(end + 6, digits), out length))
                    return KeyBlockFault.Malformed;
            }

            if (length < least)
                return KeyBlockFault.Malformed;
            end += length;
            if (end > block.Length)
                return KeyBlockFault.Length;
        }

        return KeyBlockFault.None;
    }

    private static bool TryNumber(ReadOnlySpan<byte> ascii, out int value)
    {
        value = 0;
        return !ascii.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(ascii, out value, out _);
    }

    private static bool TryHex(ReadOnlySpan<byte> ascii, out int value) =>
        Utf8Parser.TryParse(ascii, out value, out var used, 'X') && used == ascii.Length;
}
