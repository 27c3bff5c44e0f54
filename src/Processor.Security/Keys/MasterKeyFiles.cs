using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>A master key as the files of its custodians: each has one line, <c>component check-value check-value-of-the-whole</c>, in hexadecimal
/// digits. Each is on a disk of its own where that matters; together they are the key.</summary>
public static class MasterKeyFiles
{
    private const int FileLengthMax = 4096;

    /// <summary>Reads and joins the components.</summary>
    /// <param name="paths">Two or three files.</param>
    /// <returns>The key; the caller disposes it.</returns>
    /// <exception cref="KeyFileException">A file is missing or damaged, or they do not belong together.</exception>
    public static MasterKey Read(IReadOnlyList<string> paths)
    {
        var components = new List<KeyComponent>();
        var parts = new List<byte[]>();
        var whole = "";
        try
        {
            foreach (var path in paths)
            {
                var words = ReadWords(path);
                if (whole.Length > 0 && words[2] != whole)
                    throw new KeyFileException(path, "it is a component of another key.");
                whole = words[2];
                parts.Add(Convert.FromHexString(words[0]));
                components.Add(new(parts[^1], words[1]));
            }

            var status = MasterKey.TryCreate(components, whole, out var master);
            return master ?? throw new KeyFileException(string.Join(", ", paths), $"they are no master key: {status}.");
        }
        finally
        {
            foreach (var part in parts)
                CryptographicOperations.ZeroMemory(part);
        }
    }

    /// <summary>Makes a random key, if none of the files is there.</summary>
    /// <returns>False when one is there: nothing is touched.</returns>
    public static bool TryCreate(IReadOnlyList<string> paths)
    {
        if (paths.Any(File.Exists))
            return false;
        var whole = new byte[MasterKey.Length];
        var parts = new List<byte[]>();
        foreach (var _ in paths)
        {
            parts.Add(RandomNumberGenerator.GetBytes(MasterKey.Length));
            Modes.Xor(whole, parts[^1]);
        }

        var checkValue = KeyCheckValue.Text(KeyAlgorithm.Aes, whole);
        foreach (var (path, part) in paths.Zip(parts))
        {
            Write(path, $"{Convert.ToHexString(part)} {KeyCheckValue.Text(KeyAlgorithm.Aes, part)} {checkValue}");
            CryptographicOperations.ZeroMemory(part);
        }

        CryptographicOperations.ZeroMemory(whole);
        return true;
    }

    private static string[] ReadWords(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length > FileLengthMax)
            throw new KeyFileException(path, "it is not there, or is no component.");
        var words = File.ReadAllText(path).Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 3 || words[0].Length != 2 * MasterKey.Length || !words[0].All(char.IsAsciiHexDigit))
            throw new KeyFileException(path, "it is no component.");
        return words;
    }

    private static void Write(string path, string line)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(new FileStream(path, options));
        writer.WriteLine(line);
    }
}
