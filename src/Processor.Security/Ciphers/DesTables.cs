using System.Numerics;

namespace Processor.Security;

/// <summary>The tables of FIPS 46-3, and the wider ones that <see cref="Des"/> makes of them once.</summary>
internal static class DesTables
{
    private const int Rounds = 16;

    private static ReadOnlySpan<byte> PermutedChoice1 =>
    [
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
        63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
    ];

    private static ReadOnlySpan<byte> PermutedChoice2 =>
    [
        14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
        41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
    ];

    private static ReadOnlySpan<byte> Permutation =>
        [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25];

    // Four rows of 16 for each of S1 to S8.
    private static ReadOnlySpan<byte> Substitution =>
    [
        14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8,
        4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13,
        15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9, 11, 5,
        0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9,
        10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11, 15, 1,
        13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,
        7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10, 14, 9,
        10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14,
        2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9, 8, 6,
        4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3,
        12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11, 3, 8,
        9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13,
        4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15, 8, 6,
        1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12,
        13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14, 9, 2,
        7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
    ];

    /// <summary>For S-box and six bits: the four bits of the S-box, where the permutation puts them, rotated left by one.</summary>
    internal static uint[] SpreadBoxes()
    {
        var boxes = new uint[512];
        for (var index = 0; index < boxes.Length; index++)
        {
            var (box, bits) = (index >> 6, index & 0x3F);
            var row = ((bits >> 4) & 2) | (bits & 1);
            var nibble = Substitution[(box * 64) + (row * 16) + ((bits >> 1) & 0xF)];
            uint before = (uint)nibble << (28 - (4 * box));
            uint after = 0;
            for (var bit = 0; bit < 32; bit++)
                after |= ((before >> (32 - Permutation[bit])) & 1) << (31 - bit);
            boxes[index] = BitOperations.RotateLeft(after, 1);
        }

        return boxes;
    }

    /// <summary>For a key's byte and its seven bits without parity: what they give to the keys of all 16 rounds. A round's key has the odd S-boxes' six
    /// bits in the bytes of the word that comes first in memory, the first box highest, and the even ones' in those of the other.</summary>
    internal static ulong[] Schedules()
    {
        var table = new ulong[8 * 128 * Rounds];
        for (var row = 0; row < 8 * 128; row++)
        {
            var bits = row & 0x7F;
            var target = table.AsSpan(row * Rounds, Rounds);
            if (BitOperations.PopCount((uint)bits) == 1)
            {
                WriteKeys((8 * (row >> 7)) + 7 - BitOperations.TrailingZeroCount(bits), target);
                continue;
            }

            // A key gives what its bits give each by itself.
            for (var rest = bits; rest != 0; rest &= rest - 1)
            {
                var single = (row & ~0x7F) | (rest & -rest);
                for (var round = 0; round < Rounds; round++)
                    target[round] |= table[(single * Rounds) + round];
            }
        }

        return table;
    }

    // The keys of a key that has one bit alone, numbered from 1 at the highest.
    private static void WriteKeys(int number, Span<ulong> target)
    {
        var turned = 0;
        for (var round = 0; round < Rounds; round++)
        {
            // One place in rounds 1, 2, 9 and 16, two in the others.
            turned += ((0x8103 >> round) & 1) == 1 ? 1 : 2;
            for (var bit = 0; bit < 48; bit++)
            {
                var place = PermutedChoice2[bit] - 1;
                var half = place < 28 ? 0 : 28;
                if (PermutedChoice1[half + ((place - half + turned) % 28)] != number)
                    continue;
                var (box, inBox) = (bit / 6, bit % 6);
                target[round] |= 1UL << (((box & 1) == 0 == BitConverter.IsLittleEndian ? 24 : 56) - (8 * (box >> 1)) + 5 - inBox);
            }
        }
    }
}
