using System.CommandLine;
using Processor.Security;

namespace Processor.Cli.Commands;

/// <summary>Which file of keys is worked on, and the components of the master key that it is under.</summary>
internal sealed class KeyStoreOptions
{
    // As tools/up calls them.
    private const string KeyFileName = "hsm-keys";
    private const string ComponentName = "hsm-component-";

    private readonly Option<string> keys = new("--keys")
    {
        Description = "The security module's file of keys: KeyFile of the host's settings. That of tools/up where none is given.",
        HelpName = "file",
    };

    private readonly Option<string[]> components = new("--component")
    {
        Description = "A file with a component of the master key; two or three times. Those of tools/up where none is given.",
        HelpName = "file",
    };

    public KeyStoreOptions(Command command)
    {
        command.Add(keys);
        command.Add(components);
    }

    /// <summary>Opens the module, works with it, and clears it.</summary>
    /// <exception cref="UsageException">No file is named.</exception>
    /// <exception cref="KeyFileException">A file is missing, damaged, or under another master key.</exception>
    public async Task<int> RunAsync(ParseResult parsed, TimeProvider clock, Func<IKeyCustody, Task<int>> work, SoftwareHsmOptions? powers = null)
    {
        var file = parsed.GetValue(keys) ?? OfUp(KeyFileName);
        using var master = MasterKeyFiles.Read(parsed.GetValue(components) is { Length: > 0 } named ? named : [OfUp(ComponentName + "1"), OfUp(ComponentName + "2")]);
        using var module = SoftwareHsm.Open(file, master, powers ?? new SoftwareHsmOptions(), clock);
        return await work(module.Keys);
    }

    private static string OfUp(string name) => Environment.GetEnvironmentVariable("PROCESSOR_DATA") is { Length: > 0 } folder
        ? Path.Combine(folder, name)
        : throw new UsageException("Name the file of keys with --keys, and each component of its master key with --component.");
}
