using System.Buffers.Binary;
using System.Security.Cryptography;
using Processor.Cards;

namespace Processor.Security;

/// <summary>Encrypts PANs for the database, and makes the keyed hash under which they are looked up. Safe from many threads.</summary>
/// <remarks>
/// PANs are encrypted under data keys, which the database keeps wrapped under the keys of the key file. Without data keys a key of
/// the file encrypts by itself, and what it encrypted is always read.
/// </remarks>
/// <param name="keys">Owned by the caller, who keeps them for as long as the vault is used.</param>
public sealed class PanVault(VaultKeys keys)
{
    // With a data key:      0(1) data key version(2) nonce(12) tag(16) digits(8..19), bound to the column, the card and the version.
    // By the file's key:    key version(1) nonce(12) tag(16) digits(8..19), bound to the card.
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int PrefixLengthMax = 3;
    private const byte DataKeyMark = 0;

    private readonly Lock replacing = new();
    private DataKeyRing ring = DataKeyRing.Empty;

    private static ReadOnlySpan<byte> Column => "card.pan_cipher"u8;

    /// <summary>The version of the data key under which new PANs are encrypted; 0 when there is none.</summary>
    public int CurrentDataKey => Volatile.Read(ref ring).Current;

    /// <summary>The newest version of the key file.</summary>
    public byte CurrentMasterKey => keys.CurrentVersion;

    /// <summary>The bytes that every cipher under the present key begins with. What begins otherwise waits to be encrypted again.</summary>
    public byte[] CurrentPrefix
    {
        get
        {
            Span<byte> prefix = stackalloc byte[PrefixLengthMax];
            return prefix[..WritePrefix(prefix, CurrentDataKey)].ToArray();
        }
    }

    /// <summary>Makes a random data key, wrapped under the newest key of the file. The vault does not use it before it is given back
    /// by <see cref="UseDataKeys"/>.</summary>
    public WrappedDataKey WrapNewDataKey(int version, DateTimeOffset activeFrom) => DataKeyWrapping.WrapNew(version, activeFrom, keys);

    /// <summary>Wraps a data key under the newest key of the file; the key itself stays the same.</summary>
    /// <exception cref="CryptographicException">It was changed, or the key that it is wrapped with is not in the key file.</exception>
    public WrappedDataKey RewrapDataKey(WrappedDataKey wrapped)
    {
        var key = DataKeyWrapping.Unwrap(wrapped, keys);
        try
        {
            return DataKeyWrapping.Wrap(wrapped.Version, wrapped.ActiveFrom, key, keys);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Knows exactly these data keys from now on; the newest whose time has come encrypts. Keys that are no longer among them are
    /// cleared, so whoever calls has made sure that nothing is under them.</summary>
    /// <exception cref="CryptographicException">A key was changed, or what it is wrapped with is not in the key file; nothing has changed.</exception>
    public void UseDataKeys(IReadOnlyCollection<WrappedDataKey> wanted, DateTimeOffset now)
    {
        lock (replacing)
        {
            var before = ring;
            var next = before.With(wanted, keys, now);
            Volatile.Write(ref ring, next);
            before.ClearAllBut(next);
        }
    }

    /// <summary>Encrypts a PAN with AES-256-GCM under the present key and a fresh random nonce.</summary>
    /// <param name="pan">Of 8 to 19 digits.</param>
    /// <param name="cardId">The card that the bytes are stored with; they decrypt with no other.</param>
    /// <returns>Other bytes at each call.</returns>
    /// <exception cref="ArgumentException">The PAN is empty.</exception>
    public byte[] Encrypt(Pan pan, Ulid cardId)
    {
        if (pan.Length == 0)
            throw new ArgumentException("There is no PAN to encrypt.", nameof(pan));
        var known = Volatile.Read(ref ring);
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        Span<byte> context = stackalloc byte[ContextLengthMax];
        Span<byte> prefix = stackalloc byte[PrefixLengthMax];
        prefix = prefix[..WritePrefix(prefix, known.Current)];
        var cipher = new byte[prefix.Length + NonceLength + TagLength + pan.Length];
        prefix.CopyTo(cipher);
        var nonce = cipher.AsSpan(prefix.Length, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        try
        {
            var length = pan.CopyDigits(digits);
            TryGetKey(known, prefix, out var key);
            using var aes = new AesGcm(key, TagLength);
            var tag = cipher.AsSpan(prefix.Length + NonceLength, TagLength);
            aes.Encrypt(nonce, digits[..length], cipher.AsSpan(cipher.Length - length), tag, Context(context, prefix, cardId));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(digits);
        }

        return cipher;
    }

    /// <summary>Undoes <see cref="Encrypt"/>.</summary>
    /// <exception cref="CryptographicException">The bytes were changed, belong to another card, or their key is not known here.</exception>
    public Pan Decrypt(ReadOnlySpan<byte> cipher, Ulid cardId)
    {
        var prefix = cipher[..Math.Min(cipher.Length, cipher is [DataKeyMark, ..] ? PrefixLengthMax : 1)];
        var length = cipher.Length - prefix.Length - NonceLength - TagLength;
        if (length is < Pan.LengthMin or > Pan.LengthMax)
            throw new CryptographicException("These bytes are no encrypted PAN.");
        if (!TryGetKey(Volatile.Read(ref ring), prefix, out var key))
            throw new CryptographicException($"Key {Convert.ToHexStringLower(prefix)} is not known here.");
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        Span<byte> context = stackalloc byte[ContextLengthMax];
        try
        {
            using var aes = new AesGcm(key, TagLength);
            var sealing = cipher[prefix.Length..];
            aes.Decrypt(
                sealing[..NonceLength], sealing[(NonceLength + TagLength)..], sealing.Slice(NonceLength, TagLength), digits[..length], Context(context, prefix, cardId));
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

    private const int ContextLengthMax = 15 + Ulid.ByteLength + PrefixLengthMax;

    private static ReadOnlySpan<byte> Context(Span<byte> target, ReadOnlySpan<byte> prefix, Ulid cardId)
    {
        if (prefix[0] != DataKeyMark)
        {
            cardId.Write(target);
            return target[..Ulid.ByteLength];
        }

        Column.CopyTo(target);
        cardId.Write(target[Column.Length..]);
        prefix.CopyTo(target[(Column.Length + Ulid.ByteLength)..]);
        return target;
    }

    private int WritePrefix(Span<byte> target, int dataKey)
    {
        target[0] = dataKey == 0 ? keys.CurrentVersion : DataKeyMark;
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], (ushort)dataKey);
        return dataKey == 0 ? 1 : PrefixLengthMax;
    }

    private bool TryGetKey(DataKeyRing known, ReadOnlySpan<byte> prefix, out ReadOnlySpan<byte> key)
    {
        // The file's keys are asked first: once they are cleared, nothing is encrypted or read.
        var isOfFile = keys.TryGetEncryptionKey(prefix[0], out key);
        return prefix[0] == DataKeyMark ? known.TryGet(BinaryPrimitives.ReadUInt16BigEndian(prefix[1..]), out key) : isOfFile;
    }
}
