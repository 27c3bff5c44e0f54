using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>What a card's own PIN is checked against, as the security module made it: a PVV, an offset, or a PIN block under a key of the module.
/// No PIN can be read from it. The ledger only keeps it. Prints a mask.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct CardPin : IEquatable<CardPin>
{
    /// <summary>Bytes of it, here and in Postgres.</summary>
    public const int Size = 19;

    /// <summary>The most bytes of a value.</summary>
    public const int ValueLengthMax = 16;

    /// <summary>How it is checked, as the security module numbers methods; 0 when the card has no PIN of its own.</summary>
    public byte Method;

    /// <summary>A PVV's key index, or a block's format.</summary>
    public byte Detail;

    /// <summary>Digits of a PVV or an offset, or bytes of a block.</summary>
    public byte Length;

    /// <summary>Digits as ASCII, or the block; zeros behind.</summary>
    public Bytes Value;

    /// <summary>Reads what <see cref="ToArray"/> wrote.</summary>
    /// <returns>False for another length.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CardPin pin)
    {
        pin = default;
        if (bytes.Length != Size)
            return false;
        pin = MemoryMarshal.Read<CardPin>(bytes);
        return true;
    }

    /// <summary>As Postgres keeps it with an order for a card.</summary>
    public readonly byte[] ToArray()
    {
        var bytes = new byte[Size];
        MemoryMarshal.Write(bytes, in this);
        return bytes;
    }

    /// <inheritdoc/>
    public readonly bool Equals(CardPin other) =>
        Method == other.Method && Detail == other.Detail && Length == other.Length && ((ReadOnlySpan<byte>)Value).SequenceEqual(other.Value);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is CardPin other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Method, Detail, Length);

    public static bool operator ==(CardPin left, CardPin right) => left.Equals(right);

    public static bool operator !=(CardPin left, CardPin right) => !left.Equals(right);

    /// <inheritdoc/>
    public override readonly string ToString() => "CardPin ****";

    /// <summary>Sixteen bytes.</summary>
    [InlineArray(ValueLengthMax)]
    public struct Bytes
    {
        private byte first;
    }
}
