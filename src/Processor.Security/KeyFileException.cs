namespace Processor.Security;

/// <summary>A key file cannot be used. The message names the file and the reason and never a byte of a key.</summary>
public sealed class KeyFileException : Exception
{
    /// <summary>Says which file and why.</summary>
    public KeyFileException(string path, string reason)
        : base($"Key file {path}: {reason}") => Path = path;

    /// <summary>Says which file and why, and what was thrown below.</summary>
    public KeyFileException(string path, string reason, Exception innerException)
        : base($"Key file {path}: {reason}", innerException) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
