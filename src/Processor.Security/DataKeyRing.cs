using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>The data keys that a vault knows, in the clear, by version. Never changes; a vault replaces it by another.</summary>
internal sealed class DataKeyRing
{
    internal static readonly DataKeyRing Empty = new(FrozenDictionary<int, byte[]>.Empty, current: 0);

    private readonly FrozenDictionary<int, byte[]> keys;

    private DataKeyRing(FrozenDictionary<int, byte[]> keys, int current) => (this.keys, Current) = (keys, current);

    /// <summary>The version that encrypts; 0 when there is none yet.</summary>
    internal int Current { get; }

    internal bool TryGet(int version, out ReadOnlySpan<byte> key)
    {
        var isFound = keys.TryGetValue(version, out var found);
        key = found;
        return isFound;
    }

    /// <summary>A ring of exactly these keys. Buffers of versions that are known already are kept; nothing is unwrapped twice.</summary>
    internal DataKeyRing With(IReadOnlyCollection<WrappedDataKey> wanted, VaultKeys masters, DateTimeOffset now)
    {
        var next = new Dictionary<int, byte[]>(wanted.Count);
        var current = 0;
        try
        {
            foreach (var key in wanted)
            {
                next[key.Version] = keys.TryGetValue(key.Version, out var known) ? known : DataKeyWrapping.Unwrap(key, masters);
                if (key.ActiveFrom <= now && key.Version > current)
                    current = key.Version;
            }

            return new(next.ToFrozenDictionary(), current);
        }
        catch
        {
            // What was unwrapped before is nobody's.
            foreach (var (_, key) in next.Where(pair => !keys.ContainsKey(pair.Key)))
                CryptographicOperations.ZeroMemory(key);
            throw;
        }
    }

    /// <summary>Clears the keys that the other ring does not have.</summary>
    internal void ClearAllBut(DataKeyRing next)
    {
        foreach (var (version, key) in keys)
        {
            if (!next.keys.ContainsKey(version))
                CryptographicOperations.ZeroMemory(key);
        }
    }
}
