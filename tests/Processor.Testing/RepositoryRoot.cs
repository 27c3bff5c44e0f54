namespace Processor.Testing;

/// <summary>Where the repository stands on this machine, found upwards from the running test binary.</summary>
public static class RepositoryRoot
{
    private static readonly Lazy<string> Found = new(Find);

    /// <summary>The absolute folder that holds <c>Processor.sln</c>.</summary>
    /// <exception cref="DirectoryNotFoundException">The binary does not stand below a checkout.</exception>
    public static string Folder => Found.Value;

    /// <summary>An absolute path below the root, from its parts: <c>Path("specs", "iso8583", "iso87-ascii.json")</c>.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Folder, .. parts]);

    /// <summary>An absolute path below <c>specs/</c>.</summary>
    public static string Specs(params string[] parts) => System.IO.Path.Combine([Folder, "specs", .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Processor.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No Processor.sln above {AppContext.BaseDirectory}.");
    }
}
