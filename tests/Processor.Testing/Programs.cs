namespace Processor.Testing;

/// <summary>Finds the server programs on this machine.</summary>
internal static class Programs
{
    /// <summary>The absolute path of a program on PATH or in one of the folders given, newest version first.</summary>
    /// <exception cref="FileNotFoundException">It is nowhere; the message says what to run.</exception>
    public static string Find(string name, params IEnumerable<string> folders)
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string[] sbin = ["/usr/local/sbin", "/usr/sbin", "/sbin"];
        foreach (string folder in folders.Concat(onPath).Concat(sbin))
        {
            string path = Path.Combine(folder, name);
            if (folder.Length > 0 && File.Exists(path))
                return path;
        }

        throw new FileNotFoundException($"{name} is not installed: run tools/set-up.", name);
    }

    /// <summary>Debian keeps each Postgres version in a folder of its own, off PATH.</summary>
    public static IEnumerable<string> PostgresFolders()
    {
        const string Versions = "/usr/lib/postgresql";
        return Directory.Exists(Versions)
            ? Directory.GetDirectories(Versions)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out int version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
    }
}
