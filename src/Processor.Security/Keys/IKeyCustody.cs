namespace Processor.Security;

/// <summary>The keys of a security module, as its officers work on them. Never on the path of an authorization.</summary>
/// <remarks>What was not <see cref="HsmStatus.Ok"/> was not done. Other processes that share the file of keys take a change over by themselves.</remarks>
public interface IKeyCustody
{
    /// <summary>What is known of a key; version 0 asks for the active one.</summary>
    ValueTask<KeyResult> GetKeyAsync(KeyRef key, CancellationToken cancellationToken);

    /// <summary>All keys in all versions, by name and version.</summary>
    ValueTask<IReadOnlyList<KeyInfo>> ListKeysAsync(CancellationToken cancellationToken);

    /// <summary>Makes a random key, pending.</summary>
    ValueTask<KeyResult> GenerateKeyAsync(KeyTemplate wanted, CancellationToken cancellationToken);

    /// <summary>Takes a key from two or three components, pending. Each component's check value must be right, and the whole key's.</summary>
    /// <param name="wanted">What the key is.</param>
    /// <param name="components">Two or three of one length.</param>
    /// <param name="checkValue">At least 4 hexadecimal digits of the whole key's check value.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<KeyResult> ImportComponentsAsync(
        KeyTemplate wanted, IReadOnlyList<KeyComponent> components, string checkValue, CancellationToken cancellationToken);

    /// <summary>Takes a key from a key block (ANSI X9.143), pending.</summary>
    /// <param name="id">Its name here.</param>
    /// <param name="protection">The key that the block is under.</param>
    /// <param name="block">ASCII, all of it and nothing more.</param>
    /// <param name="checkValue">At least 4 hexadecimal digits that the sender gave, or empty.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<KeyResult> ImportKeyBlockAsync(
        string id, KeyRef protection, ReadOnlyMemory<byte> block, string checkValue, CancellationToken cancellationToken);

    /// <summary>Takes a key that is encrypted as it stands (ECB) under a zone master key, as older networks send it in 0800 messages; pending.</summary>
    /// <param name="wanted">What the key is.</param>
    /// <param name="protection">The zone master key.</param>
    /// <param name="cryptogram">16 or 24 bytes.</param>
    /// <param name="checkValue">At least 4 hexadecimal digits. Nothing else authenticates the key, so it is needed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<KeyResult> ImportCryptogramAsync(
        KeyTemplate wanted, KeyRef protection, ReadOnlyMemory<byte> cryptogram, string checkValue, CancellationToken cancellationToken);

    /// <summary>Gives a key as a key block, version B under a DES key and D under an AES key.</summary>
    ValueTask<KeyBlockResult> ExportKeyAsync(KeyRef key, KeyRef protection, CancellationToken cancellationToken);

    /// <summary>Makes a pending key the active version. The one that was active is retiring from now on, and a retiring one is retired.</summary>
    ValueTask<KeyResult> ActivateKeyAsync(KeyRef key, CancellationToken cancellationToken);

    /// <summary>Uses a key for nothing from now on. A second call changes nothing.</summary>
    ValueTask<KeyResult> RetireKeyAsync(KeyRef key, CancellationToken cancellationToken);

    /// <summary>Clears a retired or pending key. A second call changes nothing.</summary>
    ValueTask<KeyResult> DestroyKeyAsync(KeyRef key, CancellationToken cancellationToken);
}
