using Processor.Testing;

namespace Processor.Architecture.Tests;

/// <summary>Lists files of the checkout, leaving out what building makes. Paths are relative, with forward slashes.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] Made = ["bin", "obj", "node_modules", ".data", "TestResults"];

    /// <summary>Files below the folder whose names end so; an empty ending takes all.</summary>
    public static IEnumerable<string> Below(string folder, string ending)
    {
        string root = RepositoryRoot.Path(folder);
        return Directory.Exists(root) ? Walk(root).Where(path => path.EndsWith(ending, StringComparison.Ordinal)).Order() : [];
    }

    /// <summary>C# sources below the folder.</summary>
    public static IEnumerable<string> Sources(string folder) => Below(folder, ".cs");

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder))
            yield return Path.GetRelativePath(RepositoryRoot.Folder, path).Replace('\\', '/');
        foreach (string inner in Directory.EnumerateDirectories(folder))
        {
            if (Made.Contains(Path.GetFileName(inner)))
                continue;
            foreach (string path in Walk(inner))
                yield return path;
        }
    }
}
