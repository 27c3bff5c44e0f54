using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>A growing buffer for a script call and its packed arguments. It is kept and used again; the connection takes a copy.</summary>
internal struct BatchBuffer
{
    private byte[] bytes;

    public BatchBuffer()
        : this(16 * 1024)
    {
    }

    internal BatchBuffer(int capacity) => bytes = new byte[capacity];

    internal int Length { get; private set; }

    internal readonly ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    internal void Clear() => Length = 0;

    internal void Write(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
    }

    internal void Write<T>(T value)
        where T : unmanaged => MemoryMarshal.Write(Take(Unsafe.SizeOf<T>()), in value);

    /// <summary>Leaves room for a number that is known later; see <see cref="Patch{T}"/>.</summary>
    internal int Reserve(int length)
    {
        var offset = Length;
        Take(length).Clear();
        return offset;
    }

    internal readonly void Patch<T>(int offset, T value)
        where T : unmanaged => MemoryMarshal.Write(bytes.AsSpan(offset), in value);

    internal readonly void Overwrite(int offset, ReadOnlySpan<byte> value) => value.CopyTo(bytes.AsSpan(offset, value.Length));

    internal void WriteKey(byte letter, UInt128 key)
    {
        var target = Take(17);
        target[0] = letter;
        BinaryPrimitives.WriteUInt128BigEndian(target[1..], key);
    }

    private Span<byte> Take(int length)
    {
        if (Length + length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + length));
        var taken = bytes.AsSpan(Length, length);
        Length += length;
        return taken;
    }
}
