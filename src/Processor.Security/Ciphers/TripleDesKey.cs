using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>The schedules of a DES key of single, double or triple length. Lives on the stack or in pinned memory; the owner clears it.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Keys are not compared.")]
internal struct TripleDesKey : IBlockKey
{
    // encrypt with K1, decrypt with K2, encrypt with K3: 16 rounds of two numbers each
    private Schedules schedules;

    /// <inheritdoc/>
    public static int BlockLength => 8;

    /// <summary>Expands a double-length key.</summary>
    internal TripleDesKey(ulong left, ulong right)
    {
        Unsafe.SkipInit(out this);
        Set(left, right, left);
    }

    /// <summary>Expands a key of 8, 16 or 24 bytes.</summary>
    internal TripleDesKey(ReadOnlySpan<byte> key)
    {
        Unsafe.SkipInit(out this);
        var first = BinaryPrimitives.ReadUInt64BigEndian(key);
        var second = key.Length > 8 ? BinaryPrimitives.ReadUInt64BigEndian(key[8..]) : first;
        Set(first, second, key.Length > 16 ? BinaryPrimitives.ReadUInt64BigEndian(key[16..]) : first);
    }

    [UnscopedRef]
    private ref uint First => ref schedules[0];

    /// <summary>Encrypts a block, its first byte highest.</summary>
    internal ulong Encrypt(ulong block)
    {
        ref var key = ref First;
        Des.Begin(block, out var left, out var right);
        Des.Rounds(ref left, ref right, ref key);
        Des.Rounds(ref right, ref left, ref Unsafe.Add(ref key, Des.ScheduleLength));
        Des.Rounds(ref left, ref right, ref Unsafe.Add(ref key, 2 * Des.ScheduleLength));
        return Des.End(left, right);
    }

    /// <summary>Encrypts two blocks that do not depend on each other.</summary>
    internal (ulong First, ulong Second) EncryptTwo(ulong first, ulong second)
    {
        ref var key = ref First;
        Des.Begin(first, out var left, out var right);
        Des.Begin(second, out var otherLeft, out var otherRight);
        Des.RoundsOfTwo(ref left, ref right, ref otherLeft, ref otherRight, ref key);
        Des.RoundsOfTwo(ref right, ref left, ref otherRight, ref otherLeft, ref Unsafe.Add(ref key, Des.ScheduleLength));
        Des.RoundsOfTwo(ref left, ref right, ref otherLeft, ref otherRight, ref Unsafe.Add(ref key, 2 * Des.ScheduleLength));
        return (Des.End(left, right), Des.End(otherLeft, otherRight));
    }

    /// <summary>Decrypts a block.</summary>
    internal ulong Decrypt(ulong block)
    {
        ref var key = ref First;
        Des.Begin(block, out var left, out var right);
        Des.RoundsBack(ref left, ref right, ref Unsafe.Add(ref key, 2 * Des.ScheduleLength));
        Des.RoundsBack(ref right, ref left, ref Unsafe.Add(ref key, Des.ScheduleLength));
        Des.RoundsBack(ref left, ref right, ref key);
        return Des.End(left, right);
    }

    /// <summary>Encrypts a block with the first eight bytes of the key alone.</summary>
    internal ulong EncryptSingle(ulong block)
    {
        Des.Begin(block, out var left, out var right);
        Des.Rounds(ref left, ref right, ref First);
        return Des.End(left, right);
    }

    /// <inheritdoc/>
    public void Encrypt(Span<byte> block) => BinaryPrimitives.WriteUInt64BigEndian(block, Encrypt(BinaryPrimitives.ReadUInt64BigEndian(block)));

    /// <inheritdoc/>
    public void Decrypt(Span<byte> block) => BinaryPrimitives.WriteUInt64BigEndian(block, Decrypt(BinaryPrimitives.ReadUInt64BigEndian(block)));

    /// <summary>Overwrites the schedules.</summary>
    internal void Clear() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes((Span<uint>)schedules));

    private void Set(ulong first, ulong second, ulong third)
    {
        Span<uint> all = schedules;
        Des.Expand(first, all, isReversed: false);
        Des.Expand(second, all[Des.ScheduleLength..], isReversed: true);
        if (third == first)
            all[..Des.ScheduleLength].CopyTo(all[(2 * Des.ScheduleLength)..]);
        else
            Des.Expand(third, all[(2 * Des.ScheduleLength)..], isReversed: false);
    }

    [InlineArray(3 * Des.ScheduleLength)]
    private struct Schedules
    {
        private uint first;
    }
}
