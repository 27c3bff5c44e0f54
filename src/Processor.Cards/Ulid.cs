using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Processor.Cards;

/// <summary>A time-ordered identifier of 128 bits: 48 bits of Unix milliseconds, then 80 bits of chance.</summary>
/// <remarks>Its text is 26 characters of Crockford's base 32. In Postgres it is a <c>uuid</c> of the same bytes in the same order.</remarks>
public readonly record struct Ulid(UInt128 Value) : IComparable<Ulid>
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Length of <see cref="ToString"/>.</summary>
    public const int TextLength = 26;

    /// <summary>Length of the binary form.</summary>
    public const int ByteLength = 16;

    /// <summary>No identifier.</summary>
    public static readonly Ulid None;

    /// <summary>When it was made, Unix milliseconds.</summary>
    public long Milliseconds => (long)(Value >> 80);

    /// <summary>Makes a new identifier at the clock's time.</summary>
    public static Ulid Create(TimeProvider clock)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        RandomNumberGenerator.Fill(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)clock.GetUtcNow().ToUnixTimeMilliseconds() << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
        return new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>Reads 16 bytes, highest first.</summary>
    public static Ulid Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes 16 bytes, highest first.</summary>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    /// <summary>The same 128 bits as a <see cref="Guid"/> that Postgres orders as this orders.</summary>
    public Guid ToGuid()
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        Write(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The inverse of <see cref="ToGuid"/>.</summary>
    public static Ulid FromGuid(Guid guid)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        return Read(bytes);
    }

    /// <summary>Reads 26 characters of either case.</summary>
    /// <returns>False for another length, a character outside the alphabet, or a first character above 7.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Ulid ulid)
    {
        ulid = None;
        if (text.Length != TextLength || text[0] > '7')
            return false;
        UInt128 value = 0;
        foreach (var item in text)
        {
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(item), StringComparison.Ordinal);
            if (digit < 0)
                return false;
            value = (value << 5) | (uint)digit;
        }

        ulid = new(value);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Ulid other) => Value.CompareTo(other.Value);

    public static bool operator <(Ulid left, Ulid right) => left.Value < right.Value;

    public static bool operator >(Ulid left, Ulid right) => left.Value > right.Value;

    public static bool operator <=(Ulid left, Ulid right) => left.Value <= right.Value;

    public static bool operator >=(Ulid left, Ulid right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => string.Create(TextLength, Value, static (text, value) =>
    {
        for (var index = text.Length - 1; index >= 0; index--)
        {
            text[index] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    });
}
