namespace Processor.Security.Tests;

/// <summary>Writes key files as an operator would, with a mode of the test's choice.</summary>
internal static class KeyFiles
{
    internal const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal static void Write(string path, string text, UnixFileMode mode = OwnerOnly)
    {
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
