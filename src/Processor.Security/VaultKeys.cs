using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>The keys of the <see cref="PanVault"/>: those that encrypt, by version, and the one that hashes. Prints a mask.</summary>
/// <remarks>The buffers are pinned, so that <see cref="Dispose"/> clears the only copy. Whoever loads the keys disposes them.</remarks>
public sealed class VaultKeys : IDisposable
{
    /// <summary>Bytes of each key: 256 bits.</summary>
    public const int KeyLength = 32;

    // Replaced, never changed, once the keys are in use.
    private SortedList<byte, byte[]> encryption = [];

    private readonly byte[] hash = Allocate();
    private bool isDisposed;

    internal VaultKeys()
    {
    }

    /// <summary>The version under which new PANs are encrypted, 1 to 255: the highest in the file.</summary>
    public byte CurrentVersion
    {
        get
        {
            var known = Volatile.Read(ref encryption);
            return known.GetKeyAtIndex(known.Count - 1);
        }
    }

    internal IEnumerable<byte> Versions => encryption.Keys;

    internal bool HasEncryptionKey => encryption.Count > 0;

    /// <summary>Reads the key file, or makes one with new random keys that only its owner can read.</summary>
    /// <remarks>Two processes that make the same file at once end up with the same keys.</remarks>
    /// <exception cref="KeyFileException">The file is not a key file, or somebody but its owner may read or write it.</exception>
    public static VaultKeys LoadOrCreate(string path) => VaultKeyFile.LoadOrCreate(path);

    /// <summary>Adds an encryption key with random bytes to a key file, as its newest version. Those that are there stay.</summary>
    /// <returns>The new version.</returns>
    /// <exception cref="KeyFileException">The file is not a key file, others may reach it, it has version 255, or somebody is at it.</exception>
    public static byte AddVersion(string path) => VaultKeyFile.AddVersion(path);

    /// <summary>Takes over the versions that a key file has and that are not known yet. Nothing that is known is forgotten or changed.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="KeyFileException">The file is not a key file, others may reach it, or its hash key is another one.</exception>
    public bool Refresh(string path)
    {
        using var read = VaultKeyFile.LoadOrCreate(path);
        if (!CryptographicOperations.FixedTimeEquals(read.hash, hash))
            throw new KeyFileException(path, "its hash key is not the one in use; with it no card would be found.");
        var next = new SortedList<byte, byte[]>(encryption);
        foreach (var (version, key) in read.encryption)
        {
            if (next.ContainsKey(version))
                continue;
            next[version] = Allocate();
            key.CopyTo(next[version], 0);
        }

        var isMore = next.Count > encryption.Count;
        Volatile.Write(ref encryption, next);
        return isMore;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isDisposed = true;
        CryptographicOperations.ZeroMemory(hash);
        foreach (var key in encryption.Values)
            CryptographicOperations.ZeroMemory(key);
    }

    /// <inheritdoc/>
    public override string ToString() => "VaultKeys ****";

    internal static byte[] Allocate() => GC.AllocateArray<byte>(KeyLength, pinned: true);

    internal Span<byte> HashKeyForWriting() => hash;

    /// <returns>The buffer of a new version, or an empty span when that version is there already.</returns>
    internal Span<byte> AddEncryptionKey(byte version)
    {
        var key = Allocate();
        return encryption.TryAdd(version, key) ? key : default;
    }

    internal ReadOnlySpan<byte> HashKey()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return hash;
    }

    internal bool TryGetEncryptionKey(byte version, out ReadOnlySpan<byte> key)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        var isFound = Volatile.Read(ref encryption).TryGetValue(version, out var found);
        key = found;
        return isFound;
    }
}
