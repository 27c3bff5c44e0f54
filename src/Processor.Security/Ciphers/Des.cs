using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Processor.Security;

/// <summary>DES in managed code: FIPS 46-3, by tables. It allocates nothing, takes every key, also the weak ones, and ignores parity.</summary>
/// <remarks>The framework's DES allocates for each key and refuses some keys that test suites of the schemes use. Look-ups in tables
/// take a time that depends on the data, as they do in most DES software; a machine that others share is no place for keys.</remarks>
internal static class Des
{
    /// <summary>Numbers in one key's schedule: two for each of 16 rounds.</summary>
    internal const int ScheduleLength = 2 * RoundCount;

    private const int RoundCount = 16;

    // A round takes the right half rotated left by one: then the six bits of the second, fourth, sixth and eighth S-box end at byte
    // boundaries, and those of the others do after a rotation right by four.
    private static readonly uint[] Boxes = DesTables.SpreadBoxes();
    private static readonly ulong[] Schedules = DesTables.Schedules();

    /// <summary>Writes the schedule of a key for encryption, or in reverse for decryption.</summary>
    internal static void Expand(ulong key, Span<uint> schedule, bool isReversed)
    {
        ref var rows = ref MemoryMarshal.GetArrayDataReference(Schedules);
        Vector256<ulong> first = default, second = default, third = default, fourth = default;
        for (var index = 0; index < 8; index++)
        {
            ref var row = ref Unsafe.Add(ref rows, ((index << 7) | (int)((key >> (57 - (8 * index))) & 0x7F)) * RoundCount);
            first |= Vector256.LoadUnsafe(ref row);
            second |= Vector256.LoadUnsafe(ref row, 4);
            third |= Vector256.LoadUnsafe(ref row, 8);
            fourth |= Vector256.LoadUnsafe(ref row, 12);
        }

        if (isReversed)
            (first, second, third, fourth) = (Reversed(fourth), Reversed(third), Reversed(second), Reversed(first));
        ref var target = ref Unsafe.As<uint, ulong>(ref MemoryMarshal.GetReference(schedule[..ScheduleLength]));
        first.StoreUnsafe(ref target);
        second.StoreUnsafe(ref target, 4);
        third.StoreUnsafe(ref target, 8);
        fourth.StoreUnsafe(ref target, 12);
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

    /// <summary>Sixteen rounds of two blocks with the same schedule: one is looked up while the other waits for its own, so both take little longer than one.</summary>
    internal static void RoundsOfTwo(ref uint left, ref uint right, ref uint otherLeft, ref uint otherRight, ref uint key)
    {
        ref var boxes = ref MemoryMarshal.GetArrayDataReference(Boxes);
        var (l, r, otherL, otherR) = (left, right, otherLeft, otherRight);
        for (var index = 0; index < ScheduleLength; index += 4)
        {
            var (odd, even) = (Unsafe.Add(ref key, index), Unsafe.Add(ref key, index + 1));
            l ^= Mix(ref boxes, r, odd, even);
            otherL ^= Mix(ref boxes, otherR, odd, even);
            (odd, even) = (Unsafe.Add(ref key, index + 2), Unsafe.Add(ref key, index + 3));
            r ^= Mix(ref boxes, l, odd, even);
            otherR ^= Mix(ref boxes, otherL, odd, even);
        }

        (left, right, otherLeft, otherRight) = (l, r, otherL, otherR);
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

    private static Vector256<ulong> Reversed(Vector256<ulong> keys) => Vector256.Shuffle(keys, Vector256.Create(3UL, 2, 1, 0));

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
