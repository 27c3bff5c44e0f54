using System.Collections.Frozen;

namespace Processor.Security;

/// <summary>The keys of the software module by name and version. Readers never wait; officers' work is one at a time.</summary>
internal sealed class KeyRing : IDisposable
{
    /// <summary>The most keys that a module holds, all versions counted.</summary>
    internal const int KeysMax = 10_000;

    private readonly Lock gate = new();
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

    /// <summary>Adds a key as the next version of its name.</summary>
    /// <returns>Null when the ring is full.</returns>
    internal KeyEntry? Add(Func<ushort, KeyEntry> create, string id)
    {
        lock (gate)
        {
            var last = entries.Keys.Where(key => key.Id == id).Select(key => (int)key.Version).DefaultIfEmpty(0).Max();
            if (entries.Count >= KeysMax || last >= ushort.MaxValue)
                return null;
            var entry = create((ushort)(last + 1));
            Publish([.. All, entry]);
            return entry;
        }
    }

    /// <summary>Puts keys in as they were kept.</summary>
    internal void Load(IEnumerable<KeyEntry> kept)
    {
        lock (gate)
            Publish([.. kept]);
    }

    /// <summary>Changes states.</summary>
    internal HsmStatus Change(Func<KeyEntry[], HsmStatus> change)
    {
        lock (gate)
        {
            var all = All;
            var status = change(all);
            Publish(all);
            return status;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var entry in All)
            entry.Dispose();
    }

    private void Publish(KeyEntry[] all)
    {
        var named = all.ToDictionary(entry => entry.Info.Key);
        foreach (var active in all.Where(entry => entry.Info.State == KeyState.Active))
            named[active.Info.Key with { Version = 0 }] = active;
        Volatile.Write(ref retiring, all.Where(entry => entry.Info.State == KeyState.Retiring).ToFrozenDictionary(entry => entry.Info.Key.Id));
        Volatile.Write(ref entries, named.ToFrozenDictionary());
    }
}
