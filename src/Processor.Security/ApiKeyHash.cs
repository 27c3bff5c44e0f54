using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Processor.Security;

/// <summary>SHA-256 of an API key: what the database keeps and looks up. The key has 160 bits of chance, so it needs no salt.</summary>
/// <param name="High">The first 16 bytes, highest first.</param>
/// <param name="Low">The last 16 bytes.</param>
public readonly record struct ApiKeyHash(UInt128 High, UInt128 Low)
{
    /// <summary>Bytes of <see cref="ToArray"/>.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Keys longer than this are nobody's.</summary>
    public const int KeyLengthMax = 256;

    /// <summary>Hashes a key as it came in a header. The text is hashed as UTF-8, whether it has the form of a key or not.</summary>
    /// <returns>The hash; the default value for a text longer than <see cref="KeyLengthMax"/>, which is nobody's.</returns>
    public static ApiKeyHash Of(ReadOnlySpan<char> key)
    {
        if (key.Length > KeyLengthMax)
            return default;
        Span<byte> bytes = stackalloc byte[KeyLengthMax * 3];
        Span<byte> hash = stackalloc byte[Length];
        var length = Encoding.UTF8.GetBytes(key, bytes);
        SHA256.HashData(bytes[..length], hash);
        CryptographicOperations.ZeroMemory(bytes[..length]);
        return new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }

    /// <summary>32 bytes, as Postgres keeps them.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Low);
        return bytes;
    }

    /// <inheritdoc/>
    public override string ToString() => "ApiKeyHash ****";
}
