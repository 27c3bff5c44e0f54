using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>The keys of the <see cref="PanVault"/>: those that encrypt, by version, and the one that hashes. Prints a mask.</summary>
/// <remarks>The buffers are pinned, so that <see cref="Dispose"/> clears the only copy. Whoever loads the keys disposes them.</remarks>
public sealed class VaultKeys : IDisposable
{
    /// <summary>Bytes of each key: 256 bits.</summary>
    public const int KeyLength = 32;

    private readonly SortedList<byte, byte[]> encryption = [];
    private readonly byte[] hash = Allocate();
    private bool isDisposed;

    internal VaultKeys()
    {
    }

    /// <summary>The version under which new PANs are encrypted, 1 to 255: the highest in the file.</summary>
    public byte CurrentVersion => encryption.GetKeyAtIndex(encryption.Count - 1);

    internal bool HasEncryptionKey => encryption.Count > 0;

    /// <summary>Reads the key file, or makes one with new random keys that only its owner can read.</summary>
    /// <remarks>Two processes that make the same file at once end up with the same keys.</remarks>
    /// <exception cref="KeyFileException">The file is not a key file, or somebody but its owner may read or write it.</exception>
    public static VaultKeys LoadOrCreate(string path) => VaultKeyFile.LoadOrCreate(path);

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
        var isFound = encryption.TryGetValue(version, out var found);
        key = found;
        return isFound;
    }
}
