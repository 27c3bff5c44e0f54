using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>Encrypts data keys under the keys of the key file, and undoes it.</summary>
internal static class DataKeyWrapping
{
    // master version(1) nonce(12) tag(16) key(32)
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 1 + NonceLength + TagLength;
    private const int Length = HeadLength + VaultKeys.KeyLength;

    /// <summary>A new random key under the newest key of the file.</summary>
    internal static WrappedDataKey WrapNew(int version, DateTimeOffset activeFrom, VaultKeys masters)
    {
        var key = VaultKeys.Allocate();
        try
        {
            RandomNumberGenerator.Fill(key);
            return Wrap(version, activeFrom, key, masters);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    internal static WrappedDataKey Wrap(int version, DateTimeOffset activeFrom, ReadOnlySpan<byte> key, VaultKeys masters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, ushort.MaxValue);
        var wrapped = new byte[Length];
        wrapped[0] = masters.CurrentVersion;
        var nonce = wrapped.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = Cipher(wrapped[0], masters);
        Span<byte> context = stackalloc byte[ContextLength];
        aes.Encrypt(nonce, key, wrapped.AsSpan(HeadLength), wrapped.AsSpan(1 + NonceLength, TagLength), Context(context, version));
        return new(version, wrapped[0], wrapped, activeFrom);
    }

    /// <returns>The key in a pinned buffer, which the caller clears.</returns>
    /// <exception cref="CryptographicException">The bytes were changed, belong to another version, or their key is not in the key file.</exception>
    internal static byte[] Unwrap(WrappedDataKey wrapped, VaultKeys masters)
    {
        ReadOnlySpan<byte> bytes = wrapped.Wrapped;
        if (bytes.Length != Length)
            throw new CryptographicException("These bytes are no wrapped data key.");
        var key = VaultKeys.Allocate();
        using var aes = Cipher(bytes[0], masters);
        Span<byte> context = stackalloc byte[ContextLength];
        aes.Decrypt(bytes.Slice(1, NonceLength), bytes[HeadLength..], bytes.Slice(1 + NonceLength, TagLength), key, Context(context, wrapped.Version));
        return key;
    }

    private static ReadOnlySpan<byte> Purpose => "vault_key.wrapped"u8;

    private const int ContextLength = 17 + sizeof(ushort);

    private static ReadOnlySpan<byte> Context(Span<byte> target, int version)
    {
        Purpose.CopyTo(target);
        BinaryPrimitives.WriteUInt16BigEndian(target[Purpose.Length..], (ushort)version);
        return target;
    }

    // A key of the file encrypted PANs itself before there were data keys, so what wraps is derived from it: no key has two uses.
    private static AesGcm Cipher(byte version, VaultKeys masters)
    {
        if (!masters.TryGetEncryptionKey(version, out var master))
            throw new CryptographicException($"Key version {version} is not in the key file.");
        Span<byte> wrapping = stackalloc byte[VaultKeys.KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, wrapping, salt: [], info: "processor vault wrapping key"u8);
        try
        {
            return new AesGcm(wrapping, TagLength);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrapping);
        }
    }
}
