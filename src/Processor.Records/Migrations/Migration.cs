using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Processor.Records;

/// <summary>One numbered change of the schema, as it stands in the assembly.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">What it does, from the file's name.</param>
/// <param name="Sql">Its statements. A landed migration is never edited.</param>
public sealed partial record Migration(int Number, string Name, string Sql)
{
    private const string Folder = "migrations/";

    /// <summary>SHA-256 of the statements with line feeds alone, in hexadecimal: the same whatever a checkout does to line ends.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>All migrations of this version, in order.</summary>
    /// <exception cref="InvalidOperationException">Two have one number, or one is missing.</exception>
    public static IReadOnlyList<Migration> All()
    {
        var assembly = typeof(Migration).Assembly;
        var all = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => Read(assembly.GetManifestResourceStream(name)!, name[Folder.Length..]))
            .OrderBy(migration => migration.Number)
            .ToList();
        for (var index = 0; index < all.Count; index++)
        {
            if (all[index].Number != index + 1)
                throw new InvalidOperationException($"Migration {index + 1} is missing or there twice.");
        }

        return all;
    }

    private static Migration Read(Stream stream, string file)
    {
        using var reader = new StreamReader(stream);
        var name = FileName().Match(file);
        if (!name.Success)
            throw new InvalidOperationException($"{file} is no name of a migration, such as 0007_what_it_does.sql.");
        return new(int.Parse(name.Groups["number"].Value, CultureInfo.InvariantCulture), name.Groups["name"].Value, reader.ReadToEnd());
    }

    [GeneratedRegex(@"^(?<number>\d{4})_(?<name>[a-z0-9_]+)\.sql$")]
    private static partial Regex FileName();
}
