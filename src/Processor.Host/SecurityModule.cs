using Processor.Authorization;
using Processor.Security;

namespace Processor.Host;

/// <summary>The security module of this host, and in the software module the master key that its keys are under.</summary>
internal sealed class SecurityModule : IAsyncDisposable
{
    private readonly MasterKey? master;
    private readonly SoftwareHsm? software;
    private readonly PayShieldHsm? device;
    private readonly ICollection<string> deviceKeys;

    /// <summary>Opens the module. A device is connected in the background.</summary>
    /// <exception cref="KeyFileException">A file of keys is missing, damaged, or under another master key.</exception>
    public SecurityModule(ProcessorOptions options, TimeProvider clock)
    {
        var settings = options.SecurityModule;
        Hsm = settings.Kind switch
        {
            "software" => software = OpenSoftware(options, clock, out master),
            "payshield" => device = new PayShieldHsm(settings.PayShield, clock),
            _ => new AbsentHsm(),
        };
        deviceKeys = settings.PayShield.Keys.Keys;
        WithFile = settings.KeyFile.Length > 0 ? software : null;
    }

    /// <summary>What is asked.</summary>
    internal IHsm Hsm { get; }

    /// <summary>Its officers' side; null where keys are not worked on from here.</summary>
    internal IKeyCustody? Keys => software?.Keys;

    /// <summary>The module that other hosts may share a file of keys with; null where there is no such file.</summary>
    internal SoftwareHsm? WithFile { get; }

    /// <summary>Whether a key is there and in use; of a device, whether the settings have it.</summary>
    internal async ValueTask<bool> HasKeyAsync(string name, CancellationToken cancellation)
    {
        if (Keys is { } custody)
            return (await custody.GetKeyAsync(new(name), cancellation)).Key is { State: KeyState.Active };
        return deviceKeys.Any(key => key == name || key.StartsWith(name + "@", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        if (device is not null)
            await device.DisposeAsync();
        software?.Dispose();
        master?.Dispose();
    }

    private static SoftwareHsm OpenSoftware(ProcessorOptions options, TimeProvider clock, out MasterKey? master)
    {
        var settings = options.SecurityModule;
        var powers = new SoftwareHsmOptions(IsProduction: !options.Demo, AllowsPinInProduction: settings.AllowsPin, ImportsOldKeyBlocks: settings.ImportsOldKeyBlocks);
        master = null;
        if (settings.KeyFile.Length == 0)
            return SoftwareHsm.InMemory(powers);

        // The demo makes its own master key: nobody is there to bring components.
        if (options.Demo)
            MasterKeyFiles.TryCreate([.. settings.Components]);
        master = MasterKeyFiles.Read([.. settings.Components]);
        return SoftwareHsm.Open(settings.KeyFile, master, powers, clock);
    }
}
