using System.Buffers.Binary;

namespace Processor.Security;

/// <summary>An encrypted PIN block of 8 or 16 bytes. Prints a mask.</summary>
public readonly struct PinBlock
{
    private readonly ulong high;
    private readonly ulong low;
    private readonly byte length;

    private PinBlock(ulong high, ulong low, byte length)
    {
        this.high = high;
        this.low = low;
        this.length = length;
    }

    /// <summary>8 or 16; 0 for the default value.</summary>
    public int Length => length;

    /// <summary>Copies a block as it stands in DE 52.</summary>
    /// <returns>False for any length but 8 and 16.</returns>
    public static bool TryFrom(ReadOnlySpan<byte> bytes, out PinBlock block)
    {
        block = default;
        if (bytes.Length is not (8 or 16))
            return false;
        block = new(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            bytes.Length == 16 ? BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) : 0,
            (byte)bytes.Length);
        return true;
    }

    /// <summary>Writes the block.</summary>
    /// <returns>The number of bytes written, <see cref="Length"/>.</returns>
    public int CopyTo(Span<byte> target)
    {
        if (length >= 8)
            BinaryPrimitives.WriteUInt64BigEndian(target, high);
        if (length == 16)
            BinaryPrimitives.WriteUInt64BigEndian(target[8..], low);
        return length;
    }

    /// <inheritdoc/>
    public override string ToString() => "PinBlock ****";
}
