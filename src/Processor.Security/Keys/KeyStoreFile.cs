using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Processor.Security;

/// <summary>The file of the software module's keys: one line for each, as a key block of version D under the master key.</summary>
/// <remarks><c>revision n</c>, then <c>id version state block</c> for each key, and at the end <c>mac</c> with a CMAC over all lines before, so that no
/// line can be changed, exchanged or left out. The first versions of the file had no revision, which reads as 0. The file is replaced as a whole, by
/// whoever holds the lock on the file beside it; a reader needs no lock. Only its owner can read it.</remarks>
internal sealed class KeyStoreFile(string path, MasterKey master, TimeProvider clock)
{
    private const int FileLengthMax = 64 * 1024 * 1024;
    private const int RevisionLengthMax = 32;
    private const string RevisionWord = "revision ";

    /// <summary>Bounds how long another process is waited for.</summary>
    internal TimeProvider Clock => clock;

    /// <summary>How often the file was changed; 0 when there is none. Nothing vouches for it until the file is read.</summary>
    internal long ReadRevision()
    {
        if (!File.Exists(path))
            return 0;
        Span<byte> bytes = stackalloc byte[RevisionLengthMax];
        using var file = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        var text = Encoding.ASCII.GetString(bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)]);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return end > 0 && text.StartsWith(RevisionWord, StringComparison.Ordinal) ? RevisionOf(text[..end]) : 0;
    }

    /// <summary>Reads the keys; none when there is no file.</summary>
    /// <exception cref="KeyFileException">The file is damaged, or under another master key.</exception>
    internal (long Revision, List<KeyEntry> Entries) Read()
    {
        var entries = new List<KeyEntry>();
        if (!File.Exists(path))
            return (0, entries);
        if (new FileInfo(path).Length > FileLengthMax)
            throw Problem("it is too long for a key store.");
        var text = File.ReadAllText(path, Encoding.ASCII);
        var end = text.LastIndexOf("mac ", StringComparison.Ordinal);
        if (end < 0 || !IsCode(text.AsSpan(0, end), text.AsSpan(end + 4).TrimEnd()))
            throw Problem("its code is wrong: it was changed, or is under another master key.");
        var lines = text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries).AsSpan();
        var revision = 0L;
        if (lines.Length > 0 && lines[0].StartsWith(RevisionWord, StringComparison.Ordinal))
        {
            revision = RevisionOf(lines[0]);
            lines = lines[1..];
        }

        var names = new HashSet<(string Id, int Version, KeyState State)>();
        try
        {
            foreach (var line in lines)
            {
                var entry = ReadLine(line);
                entries.Add(entry);
                var info = entry.Info;
                var isOne = info.State is KeyState.Active or KeyState.Retiring;
                if (!names.Add((info.Key.Id, info.Key.Version, default)) || (isOne && !names.Add((info.Key.Id, 0, info.State))))
                    throw Problem("a key stands in it twice.");
            }

            return (revision, entries);
        }
        catch
        {
            entries.ForEach(entry => entry.Dispose());
            throw;
        }
    }

    /// <summary>Takes the right to replace the file, which ends with what is returned, or with the process.</summary>
    /// <returns>Null while another has it.</returns>
    /// <exception cref="IOException">The folder is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    internal IDisposable? TryLock()
    {
        try
        {
            // The file stays: who removed it would let two hold two locks.
            return new FileStream(path + ".lock", OwnerOnly(FileMode.OpenOrCreate));
        }
        catch (IOException problem) when (problem is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <summary>Writes all keys, and is done when they are on the disk. The caller holds the lock.</summary>
    internal void Write(IEnumerable<KeyEntry> entries, long revision)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{RevisionWord}{revision}\n");
        foreach (var entry in entries.OrderBy(entry => entry.Info.Key.Id, StringComparer.Ordinal).ThenBy(entry => entry.Info.Key.Version))
        {
            var info = entry.Info;
            text.Append(CultureInfo.InvariantCulture, $"{info.Key.Id} {info.Key.Version} {info.State} ");
            text.Append(info.State == KeyState.Destroyed ? Destroyed(info) : Encoding.ASCII.GetString(Block(entry))).Append('\n');
        }

        var whole = text.ToString();
        using (var file = new FileStream(path + ".new", OwnerOnly(FileMode.Create)))
        {
            file.Write(Encoding.ASCII.GetBytes(whole + "mac " + Convert.ToHexString(Code(whole)) + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    internal KeyFileException Problem(string reason) => new(path, reason);

    private static FileStreamOptions OwnerOnly(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private long RevisionOf(string line) =>
        long.TryParse(line.AsSpan(RevisionWord.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw Problem("its revision is no number.");

    private static string Destroyed(KeyInfo info) =>
        KeyBlockHeader.Text('D', info.Usage, info.Algorithm, info.Mode, info.Exportability);

    private byte[] Block(KeyEntry entry)
    {
        var info = entry.Info;
        var header = KeyBlockHeader.Text('D', info.Usage, info.Algorithm, info.Mode, info.Exportability);
        Span<byte> filling = stackalloc byte[KeyBlock.FillingLength('D', info.Algorithm, entry.Bytes.Length)];
        RandomNumberGenerator.Fill(filling);
        var fault = KeyBlock.Wrap(master.Bytes, Encoding.ASCII.GetBytes(header), entry.Bytes, filling, out var block);
        return fault == KeyBlockFault.None ? block : throw Problem("a key cannot be kept in it.");
    }

    private KeyEntry ReadLine(string line)
    {
        var words = line.Split(' ');
        Span<byte> key = stackalloc byte[64];
        if (words.Length != 4
            || !ushort.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || version == 0
            || !KeyRules.IsName(words[0])
            || !Enum.TryParse<KeyState>(words[2], out var state)
            || !Enum.IsDefined(state))
        {
            throw Problem("a line is not one of this layout.");
        }

        var text = Encoding.ASCII.GetBytes(words[3]);
        var length = 0;
        KeyBlockHeader header;
        var fault = state == KeyState.Destroyed
            ? KeyBlockHeader.ReadFields(text, out header)
            : KeyBlock.Unwrap(master.Bytes, text, out header, key, out length);
        if (fault != KeyBlockFault.None)
            throw Problem("a key block cannot be opened.");
        var bytes = key[..length];
        if (state != KeyState.Destroyed && !KeyRules.IsSound(header.Usage, header.Algorithm, header.Mode, header.Exportability, length * 8))
        {
            CryptographicOperations.ZeroMemory(key);
            throw Problem("a key is of a kind that there is not.");
        }

        var checkValue = length == 0 ? "" : KeyCheckValue.Text(header.Algorithm, bytes);
        var info = new KeyInfo(new(words[0], version), header.Usage, header.Algorithm, header.Mode, header.Exportability, state, length * 8, checkValue);
        var entry = new KeyEntry(info, bytes);
        CryptographicOperations.ZeroMemory(key);
        return entry;
    }

    private bool IsCode(ReadOnlySpan<char> text, ReadOnlySpan<char> code) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Convert.ToHexString(Code(text))),
            Encoding.ASCII.GetBytes(code.ToString()));

    /// <summary>The code over all lines before it.</summary>
    internal byte[] Code(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        Encoding.ASCII.GetBytes(text, bytes);
        var code = new byte[16];
        Span<byte> derived = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master.Bytes, derived, [], "Processor key store"u8);
        var key = new AesKey(derived);
        Cmac.Compute(ref key, bytes, code);
        key.Clear();
        CryptographicOperations.ZeroMemory(derived);
        return code;
    }
}
