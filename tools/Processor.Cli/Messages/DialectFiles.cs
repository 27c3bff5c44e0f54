using Processor.Iso8583;

namespace Processor.Cli.Messages;

/// <summary>Finds dialect files.</summary>
internal static class DialectFiles
{
    private static readonly string Inside = Path.Combine("specs", "iso8583");

    /// <summary>
    /// Loads a dialect: a file when the name ends in <c>.json</c>; else that name in the folder given; else in
    /// <c>specs/iso8583</c> beside the program, of the working folder and of those above it.
    /// </summary>
    /// <exception cref="DialectException">It is not found, or it is wrong. The message names where, and which there are.</exception>
    public static Dialect Load(string name, string? folder)
    {
        if (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return Dialect.Load(name);

        string[] folders = folder is null ? [.. Folders()] : [folder];
        foreach (string place in folders)
        {
            string path = Path.Combine(place, name + ".json");
            if (File.Exists(path))
                return Dialect.Load(path);
        }

        string known = string.Join(", ", folders.SelectMany(Names).Distinct().Order());
        throw new DialectException(known.Length == 0
            ? $"No dialect files in {string.Join(", ", folders)}."
            : $"No dialect {name}. There are: {known}.");
    }

    /// <summary>All dialects of the folder, or of the nearest one that has any.</summary>
    /// <exception cref="DialectException">There are none, or one is wrong.</exception>
    public static IReadOnlyList<Dialect> LoadAll(string? folder)
    {
        string[] folders = folder is null ? [.. Folders()] : [folder];
        string place = folders.FirstOrDefault(one => Names(one).Any())
            ?? throw new DialectException($"No dialect files in {string.Join(", ", folders)}.");
        return [.. Names(place).Order(StringComparer.Ordinal).Select(name => Dialect.Load(Path.Combine(place, name + ".json")))];
    }

    private static IEnumerable<string> Folders()
    {
        yield return Path.Combine(AppContext.BaseDirectory, Inside);
        for (var place = new DirectoryInfo(Environment.CurrentDirectory); place is not null; place = place.Parent)
            yield return Path.Combine(place.FullName, Inside);
    }

    private static IEnumerable<string> Names(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => !name.EndsWith(".schema", StringComparison.Ordinal))
        : [];
}
