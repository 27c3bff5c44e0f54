using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>One custodian's file: a line <c>component check-value</c> in hexadecimal digits, and behind them, in a component of a master key, the check
/// value of the whole. Readable by its owner only.</summary>
public static class KeyComponentFile
{
    private const int FileLengthMax = 4096;

    /// <summary>Makes a random component.</summary>
    /// <param name="path">The file; it must not be there.</param>
    /// <param name="algorithm">What the key will be used with: it decides how check values are made.</param>
    /// <param name="bits">128, 192 or 256, as many as the key's.</param>
    /// <returns>The component's check value.</returns>
    /// <exception cref="KeyFileException">The file is there.</exception>
    public static string Create(string path, KeyAlgorithm algorithm, int bits)
    {
        var component = GC.AllocateUninitializedArray<byte>(bits / 8, pinned: true);
        try
        {
            RandomNumberGenerator.Fill(component);
            if (algorithm == KeyAlgorithm.TripleDes)
                Parity.Adjust(component);
            return WriteNew(path, component, algorithm);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(component);
        }
    }

    /// <summary>Writes down what a custodian entered.</summary>
    /// <param name="path">The file; it must not be there.</param>
    /// <param name="algorithm">What the key will be used with.</param>
    /// <param name="digits">32, 48 or 64 hexadecimal digits; the caller clears them.</param>
    /// <param name="checkValue">At least 4 hexadecimal digits, as they stand beside the component.</param>
    /// <returns>The component's check value.</returns>
    /// <exception cref="KeyFileException">The file is there, or the component is none, or the check value is another.</exception>
    public static string Enter(string path, KeyAlgorithm algorithm, ReadOnlySpan<char> digits, string checkValue)
    {
        if (digits.Length is not (32 or 48 or 64))
            throw new KeyFileException(path, "a component has 32, 48 or 64 hexadecimal digits.");
        var component = GC.AllocateUninitializedArray<byte>(digits.Length / 2, pinned: true);
        try
        {
            if (Convert.FromHexString(digits, component, out _, out _) != System.Buffers.OperationStatus.Done)
                throw new KeyFileException(path, "a component has nothing but hexadecimal digits.");
            if (!KeyComponents.Matches(algorithm, component, checkValue))
                throw new KeyFileException(path, "the check value is not that of the component.");
            return WriteNew(path, component, algorithm);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(component);
        }
    }

    /// <summary>Reads a component.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">The component itself, pinned, which the caller clears when it is done with what is returned.</param>
    /// <exception cref="KeyFileException">The file is not there, or is no component.</exception>
    public static KeyComponent Read(string path, out byte[] bytes)
    {
        var line = ReadLine(path);
        bytes = line.Bytes;
        return line.Component;
    }

    /// <summary>The check value of the key that components are together, for those who made them and have none to compare with.</summary>
    /// <param name="components">Two or three of one length.</param>
    /// <param name="algorithm">What the key will be used with.</param>
    /// <returns>Null when they are no key: of different lengths, too few, or one with a wrong check value.</returns>
    public static string? CheckValueOf(IReadOnlyList<KeyComponent> components, KeyAlgorithm algorithm)
    {
        if (components.Count is not (2 or 3))
            return null;
        Span<byte> whole = stackalloc byte[MasterKey.Length];
        whole = whole[..Math.Min(components[0].Bytes.Length, whole.Length)];
        whole.Clear();
        foreach (var component in components)
        {
            if (component.Bytes.Length != whole.Length || !KeyComponents.Matches(algorithm, component.Bytes, component.CheckValue))
                return null;
            Modes.Xor(whole, component.Bytes);
        }

        var value = KeyCheckValue.Text(algorithm, whole);
        CryptographicOperations.ZeroMemory(whole);
        return value;
    }

    /// <summary>Reads a file's line, which the caller disposes.</summary>
    internal static ComponentLine ReadLine(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length > FileLengthMax)
            throw new KeyFileException(path, "it is not there, or is no component.");
        var text = GC.AllocateUninitializedArray<byte>(FileLengthMax, pinned: true);
        try
        {
            // Without a buffer of the stream's own, which nobody would clear.
            using var file = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, BufferSize = 0 });
            var length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return ComponentLine.Read(text.AsSpan(0, length)) ?? throw new KeyFileException(path, "it is no component.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Writes a file's line, which is on the disk when this is done.</summary>
    /// <param name="path">The file.</param>
    /// <param name="component">The component.</param>
    /// <param name="values">Its check value, and behind a blank that of the whole where it is known.</param>
    /// <param name="mode">Whether the file may be there.</param>
    internal static void Write(string path, ReadOnlySpan<byte> component, string values, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var rest = $" {values}\n";
        var text = GC.AllocateUninitializedArray<byte>(ComponentLine.LengthOf(component, rest), pinned: true);
        try
        {
            ComponentLine.Write(text, component, rest);
            using var file = new FileStream(path, options);
            file.Write(text);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static string WriteNew(string path, ReadOnlySpan<byte> component, KeyAlgorithm algorithm)
    {
        if (File.Exists(path))
            throw new KeyFileException(path, "it is there already, and a component is never written over.");
        var checkValue = KeyCheckValue.Text(algorithm, component);
        Write(path, component, checkValue, FileMode.CreateNew);
        return checkValue;
    }
}
