using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>A master key as the files of its custodians: each has one line, <c>component check-value check-value-of-the-whole</c>, in hexadecimal
/// digits. Each is on a disk of its own where that matters; together they are the key.</summary>
public static class MasterKeyFiles
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

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

    /// <summary>Makes a random key, if none of the files is there. Of several processes that do so at once one makes it, and the others wait.</summary>
    /// <returns>False when one is there: nothing is touched.</returns>
    /// <exception cref="KeyFileException">Another process does not end making it.</exception>
    public static bool TryCreate(IReadOnlyList<string> paths)
    {
        if (paths.All(File.Exists))
            return false;
        using var fileLock = Lock(paths[0]);
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
            KeyComponentFile.Write(path, $"{Convert.ToHexString(part)} {KeyCheckValue.Text(KeyAlgorithm.Aes, part)} {checkValue}", FileMode.CreateNew);
            CryptographicOperations.ZeroMemory(part);
        }

        CryptographicOperations.ZeroMemory(whole);
        return true;
    }

    /// <summary>Makes a master key of components that custodians made each by themselves: each file learns the check value of the whole, without which
    /// <see cref="Read"/> takes none. A second call changes nothing.</summary>
    /// <param name="paths">Two or three files of <see cref="KeyComponentFile"/>, each with 64 hexadecimal digits.</param>
    /// <returns>The check value of the whole.</returns>
    /// <exception cref="KeyFileException">A file is missing or damaged, a check value is wrong, two components are the same, or one belongs to another key.</exception>
    public static string Complete(IReadOnlyList<string> paths)
    {
        var lines = paths.Select(KeyComponentFile.ReadWords).ToList();
        var components = new List<KeyComponent>();
        var parts = new List<byte[]>();
        try
        {
            foreach (var (path, words) in paths.Zip(lines))
            {
                if (words[0].Length != 2 * MasterKey.Length)
                    throw new KeyFileException(path, "a component of a master key has 64 hexadecimal digits.");
                parts.Add(Convert.FromHexString(words[0]));
                if (parts[..^1].Any(part => part.AsSpan().SequenceEqual(parts[^1])))
                    throw new KeyFileException(path, "it is the same as another component.");
                components.Add(new(parts[^1], words[1]));
                if (!KeyComponents.Matches(KeyAlgorithm.Aes, parts[^1], words[1]))
                    throw new KeyFileException(path, "its check value is wrong.");
            }

            var whole = KeyComponentFile.CheckValueOf(components, KeyAlgorithm.Aes)
                ?? throw new KeyFileException(string.Join(", ", paths), "a master key has two or three components.");
            foreach (var (path, words) in paths.Zip(lines))
            {
                if (words.Length == 3 && words[2] != whole)
                    throw new KeyFileException(path, "it is a component of another key.");
            }

            foreach (var (path, words) in paths.Zip(lines).Where(pair => pair.Second.Length == 2))
            {
                KeyComponentFile.Write(path + ".new", $"{words[0]} {words[1]} {whole}", FileMode.Create);
                File.Move(path + ".new", path, overwrite: true);
            }

            return whole;
        }
        finally
        {
            foreach (var part in parts)
                CryptographicOperations.ZeroMemory(part);
        }
    }

    private static FileStream Lock(string path)
    {
        FileStream? held = null;
        return SpinWait.SpinUntil(() => (held = TryLock(path + ".lock")) is not null, LockPatience)
            ? held!
            : throw new KeyFileException(path, "another process makes it, and does not end.");
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.None });
        }
        catch (IOException problem) when (problem is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    private static string[] ReadWords(string path)
    {
        var words = KeyComponentFile.ReadWords(path);
        if (words.Length != 3 || words[0].Length != 2 * MasterKey.Length)
            throw new KeyFileException(path, "it is no component of a master key, or the key was not made of it yet.");
        return words;
    }
}
