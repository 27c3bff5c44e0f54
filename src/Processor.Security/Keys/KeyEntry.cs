using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>One version of a key in the software module: clear bytes and schedules in pinned memory, cleared when it is destroyed.</summary>
/// <remarks>Immutable but for that: a key in another state is another entry over the same memory.</remarks>
internal sealed class KeyEntry : IDisposable
{
    private readonly byte[] bytes;
    private readonly TripleDesKey[] schedule;

    /// <param name="info">What may be known of it.</param>
    /// <param name="key">Copied.</param>
    internal KeyEntry(KeyInfo info, ReadOnlySpan<byte> key)
    {
        Info = info;
        bytes = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
        key.CopyTo(bytes);
        schedule = GC.AllocateArray<TripleDesKey>(1, pinned: true);
        if (info.Algorithm == KeyAlgorithm.TripleDes && key.Length > 0)
            schedule[0] = new TripleDesKey(key);
    }

    private KeyEntry(KeyInfo info, KeyEntry same) => (Info, bytes, schedule) = (info, same.bytes, same.schedule);

    internal KeyInfo Info { get; }

    /// <summary>The clear key. It must not outlive the call that asked for it.</summary>
    internal ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>The schedules of a DES key.</summary>
    internal ref TripleDesKey Des => ref schedule[0];

    /// <summary>The same key, known otherwise. Disposing one disposes both.</summary>
    internal KeyEntry As(KeyInfo next) => new(next, this);

    internal bool HasSameKey(KeyEntry other) => CryptographicOperations.FixedTimeEquals(bytes, other.bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(bytes);
        schedule[0].Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => "KeyEntry ****";
}
