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
        var lines = new List<ComponentLine>();
        try
        {
            foreach (var path in paths)
            {
                lines.Add(ReadPart(path));
                if (lines[^1].WholeValue != lines[0].WholeValue)
                    throw new KeyFileException(path, "it is a component of another key.");
            }

            var status = MasterKey.TryCreate([.. lines.Select(line => line.Component)], lines.Count == 0 ? "" : lines[0].WholeValue, out var master);
            return master ?? throw new KeyFileException(string.Join(", ", paths), $"they are no master key: {status}.");
        }
        finally
        {
            lines.ForEach(line => line.Dispose());
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
        var whole = GC.AllocateArray<byte>(MasterKey.Length, pinned: true);
        var parts = new List<byte[]>();
        try
        {
            foreach (var _ in paths)
            {
                parts.Add(GC.AllocateUninitializedArray<byte>(MasterKey.Length, pinned: true));
                RandomNumberGenerator.Fill(parts[^1]);
                Modes.Xor(whole, parts[^1]);
            }

            var checkValue = KeyCheckValue.Text(KeyAlgorithm.Aes, whole);
            foreach (var (path, part) in paths.Zip(parts))
                KeyComponentFile.Write(path, part, $"{KeyCheckValue.Text(KeyAlgorithm.Aes, part)} {checkValue}", FileMode.CreateNew);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(whole);
            parts.ForEach(part => CryptographicOperations.ZeroMemory(part));
        }

        return true;
    }

    /// <summary>Makes a master key of components that custodians made each by themselves: each file learns the check value of the whole, without which
    /// <see cref="Read"/> takes none. A second call changes nothing.</summary>
    /// <param name="paths">Two or three files of <see cref="KeyComponentFile"/>, each with 64 hexadecimal digits.</param>
    /// <returns>The check value of the whole.</returns>
    /// <exception cref="KeyFileException">A file is missing or damaged, a check value is wrong, two components are the same, or one belongs to another key.</exception>
    public static string Complete(IReadOnlyList<string> paths)
    {
        var lines = new List<ComponentLine>();
        try
        {
            foreach (var path in paths)
            {
                var line = KeyComponentFile.ReadLine(path);
                lines.Add(line);
                if (line.Bytes.Length != MasterKey.Length)
                    throw new KeyFileException(path, "a component of a master key has 64 hexadecimal digits.");
                if (lines[..^1].Any(other => CryptographicOperations.FixedTimeEquals(other.Bytes, line.Bytes)))
                    throw new KeyFileException(path, "it is the same as another component.");
                if (!KeyComponents.Matches(KeyAlgorithm.Aes, line.Bytes, line.CheckValue))
                    throw new KeyFileException(path, "its check value is wrong.");
            }

            var whole = KeyComponentFile.CheckValueOf([.. lines.Select(line => line.Component)], KeyAlgorithm.Aes)
                ?? throw new KeyFileException(string.Join(", ", paths), "a master key has two or three components.");
            foreach (var (path, line) in paths.Zip(lines))
            {
                if (line.WholeValue.Length > 0 && line.WholeValue != whole)
                    throw new KeyFileException(path, "it is a component of another key.");
            }

            foreach (var (path, line) in paths.Zip(lines).Where(pair => pair.Second.WholeValue.Length == 0))
            {
                KeyComponentFile.Write(path + ".new", line.Bytes, $"{line.CheckValue} {whole}", FileMode.Create);
                File.Move(path + ".new", path, overwrite: true);
            }

            return whole;
        }
        finally
        {
            lines.ForEach(line => line.Dispose());
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

    private static ComponentLine ReadPart(string path)
    {
        var line = KeyComponentFile.ReadLine(path);
        if (line.WholeValue.Length > 0 && line.Bytes.Length == MasterKey.Length)
            return line;
        line.Dispose();
        throw new KeyFileException(path, "it is no component of a master key, or the key was not made of it yet.");
    }
}
