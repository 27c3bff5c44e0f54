using System.Buffers.Binary;
using System.Security.Cryptography;
using Processor.Cards;

namespace Processor.Security;

/// <summary>Encrypts PANs for the database, and makes the keyed hash under which they are looked up. Safe from many threads.</summary>
/// <param name="keys">Owned by the caller, who keeps them for as long as the vault is used.</param>
public sealed class PanVault(VaultKeys keys)
{
    // key version(1) nonce(12) tag(16) digits(8..19)
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 1 + NonceLength + TagLength;

    /// <summary>Encrypts a PAN with AES-256-GCM under the current key and a fresh random nonce.</summary>
    /// <param name="pan">Of 8 to 19 digits.</param>
    /// <param name="cardId">The card that the bytes are stored with; they decrypt with no other.</param>
    /// <returns>Other bytes at each call.</returns>
    /// <exception cref="ArgumentException">The PAN is empty.</exception>
    public byte[] Encrypt(Pan pan, Ulid cardId)
    {
        if (pan.Length == 0)
            throw new ArgumentException("There is no PAN to encrypt.", nameof(pan));
        var cipher = new byte[HeadLength + pan.Length];
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        Span<byte> context = stackalloc byte[Ulid.ByteLength];
        cardId.Write(context);
        cipher[0] = keys.CurrentVersion;
        var nonce = cipher.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        try
        {
            var length = pan.CopyDigits(digits);
            keys.TryGetEncryptionKey(cipher[0], out var key);
            using var aes = new AesGcm(key, TagLength);
            aes.Encrypt(nonce, digits[..length], cipher.AsSpan(HeadLength), cipher.AsSpan(1 + NonceLength, TagLength), context);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(digits);
        }

        return cipher;
    }

    /// <summary>Undoes <see cref="Encrypt"/>.</summary>
    /// <exception cref="CryptographicException">The bytes were changed, belong to another card, or their key is not in the key file.</exception>
    public Pan Decrypt(ReadOnlySpan<byte> cipher, Ulid cardId)
    {
        var length = cipher.Length - HeadLength;
        if (length is < Pan.LengthMin or > Pan.LengthMax)
            throw new CryptographicException("These bytes are no encrypted PAN.");
        if (!keys.TryGetEncryptionKey(cipher[0], out var key))
            throw new CryptographicException($"Key version {cipher[0]} is not in the key file.");
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        Span<byte> context = stackalloc byte[Ulid.ByteLength];
        cardId.Write(context);
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(cipher.Slice(1, NonceLength), cipher[HeadLength..], cipher.Slice(1 + NonceLength, TagLength), digits[..length], context);
            return Pan.TryFromDigits(digits[..length], out var pan) ? pan : throw new CryptographicException("What was encrypted is no PAN.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(digits);
        }
    }

    /// <summary>The first 128 bits of HMAC-SHA-256 over the PAN's ASCII digits. Allocates nothing.</summary>
    public PanHash Hash(Pan pan)
    {
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(keys.HashKey(), digits[..pan.CopyDigits(digits)], code);
        CryptographicOperations.ZeroMemory(digits);
        return new PanHash(BinaryPrimitives.ReadUInt128BigEndian(code));
    }

    /// <inheritdoc/>
    public override string ToString() => "PanVault ****";
}
