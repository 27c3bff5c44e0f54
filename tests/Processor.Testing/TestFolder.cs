namespace Processor.Testing;

/// <summary>
/// The folder in which this user's test servers live, one folder each below it. A server's folder is held by an open
/// lock file; a folder whose lock is free was left by a process that died, and is removed at the next start.
/// </summary>
internal sealed class TestFolder : IDisposable
{
    private const string LockSuffix = ".lock";

    private static int count;

    private readonly FileStream held;

    private TestFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    public static string Root { get; } = MakeRoot();

    public string Path { get; }

    /// <summary>Makes a new folder, after removing what dead processes left.</summary>
    public static TestFolder Create(string kind)
    {
        const int TriesMax = 100;
        RemoveAbandoned();
        for (int tries = 0; tries < TriesMax; tries++)
        {
            string name = $"{kind}-{Environment.ProcessId}-{Interlocked.Increment(ref count)}";
            string path = System.IO.Path.Combine(Root, name);
            // The lock comes before the folder. Another process that is tidying up may hold it for a moment: next name.
            if (TryHold(path + LockSuffix) is not { } held)
                continue;
            MakeFolder(path);
            return new TestFolder(path, held);
        }

        throw new IOException($"No folder could be made in {Root}.");
    }

    /// <summary>Takes a lock file that lives as long as the stream is open; null when another process holds it.</summary>
    public static FileStream? TryHold(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (TryRemove(Path))
            File.Delete(held.Name);
        held.Dispose();
    }

    private static string MakeRoot()
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"processor-tests-{Environment.UserName}");
        MakeFolder(path);
        return path;
    }

    // The Postgres user must be able to walk through, whatever the caller's umask.
    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Test servers run on Linux and macOS.");
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(
            path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    private static void RemoveAbandoned()
    {
        foreach (string lockPath in Directory.EnumerateFiles(Root, "*" + LockSuffix))
        {
            using var held = TryHold(lockPath);
            if (held is not null && TryRemove(lockPath[..^LockSuffix.Length]))
                File.Delete(lockPath);
        }
    }

    // False when a dying server still writes: the lock file stays, and the next start tries again.
    private static bool TryRemove(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
