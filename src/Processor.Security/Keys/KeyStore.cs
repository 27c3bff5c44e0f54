namespace Processor.Security;

/// <summary>The keys of the software module, and the file that keeps them. Other processes may work on the same file: every change is made to what the
/// file has then, under its lock, and becomes true here and there together.</summary>
internal sealed class KeyStore : IDisposable
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RefreshPause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly KeyStoreFile? file;
    private long revision;
    private long lastRefresh;

    /// <param name="file">Null for keys that are gone with the process.</param>
    /// <exception cref="KeyFileException">The file is damaged, or under another master key.</exception>
    internal KeyStore(KeyStoreFile? file)
    {
        this.file = file;
        if (file is null)
            return;
        lastRefresh = file.Clock.GetTimestamp();
        Take(file.Read());
    }

    internal KeyRing Ring { get; } = new();

    /// <summary>Takes over what another process did to the file.</summary>
    /// <returns>False when there is nothing new, and while this process works on the file itself.</returns>
    /// <exception cref="KeyFileException">The file is gone, damaged, or older than it was. The keys at hand stay.</exception>
    internal bool Refresh()
    {
        if (file is null || file.ReadRevision() == Volatile.Read(ref revision) || !gate.Wait(0))
            return false;
        try
        {
            return Catch(file);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The same for somebody who found no key, or a wrong one, and cannot wait: at most ten looks a second, and no problem is told.</summary>
    internal bool RefreshSoon()
    {
        if (file is null)
            return false;
        var last = Volatile.Read(ref lastRefresh);
        if (file.Clock.GetElapsedTime(last) < RefreshPause || Interlocked.CompareExchange(ref lastRefresh, file.Clock.GetTimestamp(), last) != last)
            return false;
        try
        {
            return Refresh();
        }
        catch (Exception problem) when (problem is KeyFileException or IOException or UnauthorizedAccessException)
        {
            // Whoever looks after the file tells it; here the key is simply not known.
            return false;
        }
    }

    /// <summary>Changes the keys. What cannot be written is not done.</summary>
    /// <param name="change">Told all keys as they are now.</param>
    /// <param name="cancellation">Gives up waiting for the file.</param>
    internal async ValueTask<KeyResult> ChangeAsync(Func<KeyEntry[], KeyChange> change, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            if (file is null)
                return Make(change(Ring.All), write: null);
            using var fileLock = await LockAsync(file, cancellation);
            if (fileLock is null)
                return new(HsmStatus.Timeout);
            Catch(file);
            return Make(change(Ring.All), next => file.Write(next, revision + 1));
        }
        catch (Exception problem) when (problem is KeyFileException or IOException or UnauthorizedAccessException)
        {
            return new(HsmStatus.DeviceFault);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Ring.Dispose();
        gate.Dispose();
    }

    private KeyResult Make(KeyChange change, Action<KeyEntry[]>? write)
    {
        if (change.Next is { } next)
        {
            write?.Invoke(next);
            Ring.Publish(next);
            if (write is not null)
                Volatile.Write(ref revision, revision + 1);
        }

        return new(change.Status, change.Key);
    }

    private static async ValueTask<IDisposable?> LockAsync(KeyStoreFile store, CancellationToken cancellation)
    {
        var began = store.Clock.GetTimestamp();
        while (true)
        {
            if (store.TryLock() is { } taken)
                return taken;
            if (store.Clock.GetElapsedTime(began) > LockPatience)
                return null;
            await Task.Delay(LockPause, store.Clock, cancellation);
        }
    }

    private bool Catch(KeyStoreFile store)
    {
        var found = store.ReadRevision();
        if (found == revision)
            return false;
        if (found < revision)
            throw store.Problem("it is older than it was, or gone. To put an older one in its place, stop all hosts.");
        Take(store.Read());
        return true;
    }

    private void Take((long Revision, List<KeyEntry> Entries) read)
    {
        var known = Ring.All.ToDictionary(entry => entry.Info.Key);
        var next = new List<KeyEntry>();
        foreach (var entry in read.Entries)
        {
            var isSame = known.TryGetValue(entry.Info.Key, out var before) && before.HasSameKey(entry);
            next.Add(isSame ? before!.As(entry.Info) : entry);
            if (isSame)
                entry.Dispose();
        }

        Ring.Publish(next);
        Volatile.Write(ref revision, read.Revision);
    }
}
