using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>One version of a key in the software module: clear bytes and schedules in pinned memory, cleared when it is destroyed.</summary>
internal sealed class KeyEntry : IDisposable
{
    private readonly byte[] bytes;
    private readonly TripleDesKey[] schedule;
    private KeyInfo info;

    /// <param name="info">What may be known of it.</param>
    /// <param name="key">Copied.</param>
    internal KeyEntry(KeyInfo info, ReadOnlySpan<byte> key)
    {
        this.info = info;
        bytes = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
        key.CopyTo(bytes);
        schedule = GC.AllocateArray<TripleDesKey>(1, pinned: true);
        if (info.Algorithm == KeyAlgorithm.TripleDes)
            schedule[0] = new TripleDesKey(key);
    }

    internal KeyInfo Info => Volatile.Read(ref info);

    /// <summary>The clear key. It must not outlive the call that asked for it.</summary>
    internal ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>The schedules of a DES key.</summary>
    internal ref TripleDesKey Des => ref schedule[0];

    internal KeyInfo Become(KeyState state)
    {
        var next = info with { State = state };
        Volatile.Write(ref info, next);
        return next;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(bytes);
        schedule[0].Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => "KeyEntry ****";
}
