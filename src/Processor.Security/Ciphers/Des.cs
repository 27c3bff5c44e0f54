using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Processor.Security;

/// <summary>DES in managed code: FIPS 46-3, by tables. It allocates nothing, takes every key, also the weak ones, and ignores parity.</summary>
/// <remarks>The framework's DES allocates for each key and refuses some keys that test suites of the schemes use. Look-ups in tables
/// take a time that depends on the data, as they do in most DES software; a machine that others share is no place for keys.</remarks>
internal static class Des
{
    /// <summary>Numbers in one key's schedule: two for each of 16 rounds.</summary>
    internal const int ScheduleLength = 32;

    // A round takes the right half rotated left by one: then the six bits of the second, fourth, sixth and eighth S-box end at byte
    // boundaries, and those of the others do after a rotation right by four.
    private static readonly uint[] Boxes = DesTables.SpreadBoxes();
    private static readonly ulong[] FirstChoice = DesTables.FirstChoice();
    private static readonly ulong[] SecondChoice = DesTables.SecondChoice();

    /// <summary>Writes the schedule of a key for encryption, or in reverse for decryption.</summary>
    internal static void Expand(ulong key, Span<uint> schedule, bool isReversed)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(FirstChoice);
        ref var second = ref MemoryMarshal.GetArrayDataReference(SecondChoice);
        ref var target = ref MemoryMarshal.GetReference(schedule[..ScheduleLength]);
        ulong halves = 0;
        for (var index = 0; index < 8; index++)
            halves |= Unsafe.Add(ref first, (index << 7) | (int)((key >> (57 - (8 * index))) & 0x7F));
        var left = (uint)(halves >> 28);
        var right = (uint)halves & 0x0FFF_FFFF;
        for (var round = 0; round < 16; round++)
        {
            // One place in rounds 1, 2, 9 and 16, two in the others.
            var shift = ((0x8103 >> round) & 1) == 1 ? 1 : 2;
            left = ((left << shift) | (left >> (28 - shift))) & 0x0FFF_FFFF;
            right = ((right << shift) | (right >> (28 - shift))) & 0x0FFF_FFFF;
            var both = Unsafe.Add(ref second, (int)(left >> 21))
                | Unsafe.Add(ref second, 128 + (int)((left >> 14) & 0x7F))
                | Unsafe.Add(ref second, 256 + (int)((left >> 7) & 0x7F))
                | Unsafe.Add(ref second, 384 + (int)(left & 0x7F))
                | Unsafe.Add(ref second, 512 + (int)(right >> 21))
                | Unsafe.Add(ref second, 640 + (int)((right >> 14) & 0x7F))
                | Unsafe.Add(ref second, 768 + (int)((right >> 7) & 0x7F))
                | Unsafe.Add(ref second, 896 + (int)(right & 0x7F));
            var place = 2 * (isReversed ? 15 - round : round);
            Unsafe.Add(ref target, place) = (uint)(both >> 32);
            Unsafe.Add(ref target, place + 1) = (uint)both;
        }
    }

    /// <summary>The initial permutation; both halves rotated for the rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Begin(ulong block, out uint left, out uint right)
    {
        var l = (uint)(block >> 32);
        var r = (uint)block;
        uint swap;
        swap = ((l >> 4) ^ r) & 0x0F0F_0F0F;
        r ^= swap;
        l ^= swap << 4;
        swap = ((l >> 16) ^ r) & 0x0000_FFFF;
        r ^= swap;
        l ^= swap << 16;
        swap = ((r >> 2) ^ l) & 0x3333_3333;
        l ^= swap;
        r ^= swap << 2;
        swap = ((r >> 8) ^ l) & 0x00FF_00FF;
        l ^= swap;
        r ^= swap << 8;
        swap = ((l >> 1) ^ r) & 0x5555_5555;
        r ^= swap;
        l ^= swap << 1;
        left = BitOperations.RotateLeft(l, 1);
        right = BitOperations.RotateLeft(r, 1);
    }

    /// <summary>Undoes <see cref="Begin"/>, with the halves exchanged as DES ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong End(uint left, uint right)
    {
        var l = BitOperations.RotateRight(right, 1);
        var r = BitOperations.RotateRight(left, 1);
        uint swap;
        swap = ((l >> 1) ^ r) & 0x5555_5555;
        r ^= swap;
        l ^= swap << 1;
        swap = ((r >> 8) ^ l) & 0x00FF_00FF;
        l ^= swap;
        r ^= swap << 8;
        swap = ((r >> 2) ^ l) & 0x3333_3333;
        l ^= swap;
        r ^= swap << 2;
        swap = ((l >> 16) ^ r) & 0x0000_FFFF;
        r ^= swap;
        l ^= swap << 16;
        swap = ((l >> 4) ^ r) & 0x0F0F_0F0F;
        r ^= swap;
        l ^= swap << 4;
        return ((ulong)l << 32) | r;
    }

    /// <summary>Sixteen rounds with the schedule that begins at <paramref name="key"/>.</summary>
    internal static void Rounds(ref uint left, ref uint right, ref uint key)
    {
        ref var boxes = ref MemoryMarshal.GetArrayDataReference(Boxes);
        var l = left;
        var r = right;
        for (var index = 0; index < ScheduleLength; index += 4)
        {
            l ^= Mix(ref boxes, r, Unsafe.Add(ref key, index), Unsafe.Add(ref key, index + 1));
            r ^= Mix(ref boxes, l, Unsafe.Add(ref key, index + 2), Unsafe.Add(ref key, index + 3));
        }

        left = l;
        right = r;
    }

    /// <summary>Sixteen rounds backwards with the schedule that begins at <paramref name="key"/>.</summary>
    internal static void RoundsBack(ref uint left, ref uint right, ref uint key)
    {
        ref var boxes = ref MemoryMarshal.GetArrayDataReference(Boxes);
        var l = left;
        var r = right;
        for (var index = ScheduleLength - 4; index >= 0; index -= 4)
        {
            l ^= Mix(ref boxes, r, Unsafe.Add(ref key, index + 2), Unsafe.Add(ref key, index + 3));
            r ^= Mix(ref boxes, l, Unsafe.Add(ref key, index), Unsafe.Add(ref key, index + 1));
        }

        left = l;
        right = r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(ref uint boxes, uint half, uint oddKey, uint evenKey)
    {
        var odd = BitOperations.RotateRight(half, 4) ^ oddKey;
        var even = half ^ evenKey;
        return Unsafe.Add(ref boxes, (nint)((odd >> 24) & 0x3F))
            ^ Unsafe.Add(ref boxes, 64 + (nint)((even >> 24) & 0x3F))
            ^ Unsafe.Add(ref boxes, 128 + (nint)((odd >> 16) & 0x3F))
            ^ Unsafe.Add(ref boxes, 192 + (nint)((even >> 16) & 0x3F))
            ^ Unsafe.Add(ref boxes, 256 + (nint)((odd >> 8) & 0x3F))
            ^ Unsafe.Add(ref boxes, 320 + (nint)((even >> 8) & 0x3F))
            ^ Unsafe.Add(ref boxes, 384 + (nint)(odd & 0x3F))
            ^ Unsafe.Add(ref boxes, 448 + (nint)(even & 0x3F));
    }
}
