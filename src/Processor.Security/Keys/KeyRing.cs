using System.Collections.Frozen;

namespace Processor.Security;

/// <summary>The keys of the software module by name and version. Readers never wait; whoever publishes does so one at a time.</summary>
internal sealed class KeyRing : IDisposable
{
    /// <summary>The most keys that a module holds, all versions counted.</summary>
    internal const int KeysMax = 10_000;

    // Keys that are not in the ring any more, and that somebody may be using at this moment.
    private readonly List<KeyEntry> leavers = [];
    private FrozenDictionary<KeyRef, KeyEntry> entries = FrozenDictionary<KeyRef, KeyEntry>.Empty;
    private FrozenDictionary<string, KeyEntry> retiring = FrozenDictionary<string, KeyEntry>.Empty;

    /// <summary>The keys as they are now, each once.</summary>
    internal KeyEntry[] All => [.. Volatile.Read(ref entries).Where(pair => pair.Key.Version != 0).Select(pair => pair.Value)];

    /// <summary>Finds a version of a key, or for version 0 the active one.</summary>
    internal bool TryGet(KeyRef key, out KeyEntry entry) => Volatile.Read(ref entries).TryGetValue(key, out entry!);

    /// <summary>Finds the version before the active one, while messages under it are still in flight.</summary>
    internal bool TryGetRetiring(KeyRef key, out KeyEntry entry)
    {
        entry = null!;
        return key.Version == 0 && Volatile.Read(ref retiring).TryGetValue(key.Id, out entry!);
    }

    /// <summary>Puts these keys in the place of all that were there, and clears those that are destroyed.</summary>
    internal void Publish(IReadOnlyCollection<KeyEntry> next)
    {
        var last = All;
        var named = next.ToDictionary(entry => entry.Info.Key);
        foreach (var active in next.Where(entry => entry.Info.State == KeyState.Active))
            named[active.Info.Key with { Version = 0 }] = active;
        Volatile.Write(ref retiring, next.Where(entry => entry.Info.State == KeyState.Retiring).ToFrozenDictionary(entry => entry.Info.Key.Id));
        Volatile.Write(ref entries, named.ToFrozenDictionary());
        foreach (var entry in last)
        {
            // Nothing is done with a key in the states from which it may be destroyed.
            if (named.TryGetValue(entry.Info.Key, out var now) && now.Info.State == KeyState.Destroyed)
                entry.Dispose();
            else if (now is null || !now.HasSameKey(entry))
                leavers.Add(entry);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var entry in All)
            entry.Dispose();
        foreach (var entry in leavers)
            entry.Dispose();
    }
}
