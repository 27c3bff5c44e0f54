using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Processor.Security;

/// <summary>The file that holds <see cref="VaultKeys"/>.</summary>
/// <remarks><c>{ "layout": 1, "hash": "base64", "encryption": { "1": "base64" } }</c>. Each key has 32 bytes; encryption keys are named
/// by version, 1 to 255. A new version is added by <see cref="AddVersion"/> and old ones stay for as long as something is encrypted under them.</remarks>
internal static class VaultKeyFile
{
    private const int Layout = 1;
    private const int FileLengthMax = 64 * 1024;
    private const string NotThisLayout = "it is not JSON as this layout has it.";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal static VaultKeys LoadOrCreate(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
            Create(path);
        return Load(path);
    }

    /// <summary>Writes the file anew beside itself, with one more key, and puts it in its place: a reader sees the old one or the new one.</summary>
    internal static byte AddVersion(string path)
    {
        path = Path.GetFullPath(path);
        using var keys = Load(path);
        if (keys.CurrentVersion == byte.MaxValue)
            throw new KeyFileException(path, "it has version 255 already, and there is no number left.");
        var version = (byte)(keys.CurrentVersion + 1);
        RandomNumberGenerator.Fill(keys.AddEncryptionKey(version));
        var draft = path + ".next";
        try
        {
            using var file = new FileStream(draft, NewFile());
            WriteAll(file, keys);
            file.Flush(flushToDisk: true);
        }
        catch (IOException problem) when (File.Exists(draft))
        {
            throw new KeyFileException(path, $"somebody else is adding a key to it; when nobody is, remove {draft}.", problem);
        }

        File.Move(draft, path, overwrite: true);
        return version;
    }

    private static VaultKeys Load(string path)
    {
        var bytes = ReadAll(path, out var length);
        var keys = new VaultKeys();
        try
        {
            Read(path, bytes.AsSpan(0, length), keys);
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static byte[] ReadAll(string path, out int length)
    {
        using var file = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, BufferSize = 0 });
        if (!OperatingSystem.IsWindows())
        {
            // The mode of the open file, so that nobody can swap it between the look and the read.
            var mode = File.GetUnixFileMode(file.SafeFileHandle);
            if ((mode & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
            {
                throw new KeyFileException(
                    path,
                    string.Create(CultureInfo.InvariantCulture, $"its mode is {Convert.ToString((int)mode, 8).PadLeft(4, '0')}, so others than its owner can reach the keys. Use mode 0600."));
            }
        }

        if (file.Length > FileLengthMax)
            throw new KeyFileException(path, "it is too long for a key file.");
        var bytes = GC.AllocateArray<byte>((int)file.Length, pinned: true);
        length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes;
    }

    private static void Read(string path, ReadOnlySpan<byte> text, VaultKeys keys)
    {
        var hasHash = false;
        var layout = 0;
        try
        {
            var reader = new Utf8JsonReader(text);
            Expect(path, ref reader, JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("layout"u8))
                {
                    Expect(path, ref reader, JsonTokenType.Number);
                    layout = reader.GetInt32();
                }
                else if (reader.ValueTextEquals("hash"u8))
                {
                    ReadKey(path, ref reader, keys.HashKeyForWriting());
                    hasHash = true;
                }
                else if (reader.ValueTextEquals("encryption"u8))
                {
                    ReadEncryption(path, ref reader, keys);
                }
                else
                {
                    throw new KeyFileException(path, "it has a member that is not known.");
                }
            }
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException)
        {
            // Not what was thrown: its message may show what it stumbled over, and that may be a key.
            var line = (problem as JsonException)?.LineNumber + 1;
            throw new KeyFileException(path, line is { } number ? string.Create(CultureInfo.InvariantCulture, $"line {number} is not JSON as this layout has it.") : NotThisLayout);
        }

        if (layout != Layout || !hasHash || !keys.HasEncryptionKey)
            throw new KeyFileException(path, "it is not complete: layout 1, hash and encryption are needed.");
    }

    private static void ReadEncryption(string path, ref Utf8JsonReader reader, VaultKeys keys)
    {
        Expect(path, ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!Utf8Parser.TryParse(reader.ValueSpan, out byte version, out var used) || used != reader.ValueSpan.Length || version == 0)
                throw new KeyFileException(path, "an encryption key's version is not 1 to 255.");
            var key = keys.AddEncryptionKey(version);
            if (key.IsEmpty)
                throw new KeyFileException(path, "two encryption keys have the same version.");
            ReadKey(path, ref reader, key);
        }
    }

    private static void ReadKey(string path, ref Utf8JsonReader reader, Span<byte> target)
    {
        Expect(path, ref reader, JsonTokenType.String);
        if (reader.ValueIsEscaped
            || Base64.DecodeFromUtf8(reader.ValueSpan, target, out var read, out var written) != System.Buffers.OperationStatus.Done
            || read != reader.ValueSpan.Length
            || written != VaultKeys.KeyLength)
        {
            throw new KeyFileException(path, "a key is not 32 bytes as base 64.");
        }
    }

    private static void Expect(string path, ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw new KeyFileException(path, NotThisLayout);
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = path + "." + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)) + ".new";
        try
        {
            using (var keys = new VaultKeys())
            using (var file = new FileStream(draft, NewFile()))
            {
                RandomNumberGenerator.Fill(keys.HashKeyForWriting());
                RandomNumberGenerator.Fill(keys.AddEncryptionKey(1));
                WriteAll(file, keys);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first, and its keys are the ones.
            File.Delete(draft);
        }
    }

    private static FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return options;
    }

    private static void WriteAll(FileStream file, VaultKeys keys)
    {
        var text = GC.AllocateArray<byte>(FileLengthMax, pinned: true);
        try
        {
            var length = Put(text, 0, "{\n  \"layout\": 1,\n  \"hash\": \""u8);
            length = PutKey(text, length, keys.HashKey());
            length = Put(text, length, "\",\n  \"encryption\": {"u8);
            var separator = "\n"u8;
            foreach (var version in keys.Versions)
            {
                keys.TryGetEncryptionKey(version, out var key);
                length = Put(text, length, separator);
                length = Put(text, length, "    \""u8);
                Utf8Formatter.TryFormat(version, text.AsSpan(length), out var written);
                length = Put(text, length + written, "\": \""u8);
                length = PutKey(text, length, key);
                length = Put(text, length, "\""u8);
                separator = ",\n"u8;
            }

            length = Put(text, length, "\n  }\n}\n"u8);
            file.Write(text, 0, length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static int Put(byte[] text, int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(text.AsSpan(at));
        return at + part.Length;
    }

    private static int PutKey(byte[] text, int at, ReadOnlySpan<byte> key)
    {
        Base64.EncodeToUtf8(key, text.AsSpan(at), out _, out var written);
        return at + written;
    }
}
