namespace Processor.Security;

/// <summary>The security module in this process. For tests, for issuers without PINs, and for what PCI PIN does not cover: a clear key is in this
/// process's memory, pinned, and cleared when the module is disposed. In production mode it refuses PIN work unless told otherwise.</summary>
/// <remarks>Every answer is there when the call returns. Card values, PINs and cryptograms are checked without allocating.</remarks>
public sealed partial class SoftwareHsm : IHsm, IDisposable
{
    private readonly KeyStore store;
    private readonly KeyRing ring;
    private readonly SoftwareHsmOptions options;

    private SoftwareHsm(SoftwareHsmOptions options, KeyStoreFile? file)
    {
        this.options = options;
        store = new KeyStore(file);
        ring = store.Ring;
        Keys = new SoftwareKeyCustody(store, options);
    }

    /// <summary>The officers' side.</summary>
    public IKeyCustody Keys { get; }

    /// <summary>Opens a module whose keys are kept in a file, which other processes may work on too.</summary>
    /// <param name="path">The file; made with the first key.</param>
    /// <param name="master">What the keys are kept under, owned by the caller, who disposes it after the module.</param>
    /// <param name="options">What the module may do.</param>
    /// <param name="clock">Bounds how long another process is waited for.</param>
    /// <exception cref="KeyFileException">The file is damaged, or under another master key.</exception>
    public static SoftwareHsm Open(string path, MasterKey master, SoftwareHsmOptions options, TimeProvider clock) =>
        new(options, new KeyStoreFile(Path.GetFullPath(path), master, clock));

    /// <summary>Opens a module that forgets its keys when it is disposed.</summary>
    public static SoftwareHsm InMemory(SoftwareHsmOptions options) => new(options, file: null);

    /// <inheritdoc/>
    public ValueTask<HsmStatus> CheckHealthAsync(CancellationToken cancellationToken) => new(HsmStatus.Ok);

    /// <summary>Takes over what another process did to the file of keys. A module without a file has nothing to take.</summary>
    /// <returns>Whether there was something.</returns>
    /// <exception cref="KeyFileException">The file is gone, damaged, or older than it was. The keys at hand stay.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public bool RefreshKeys() => store.Refresh();

    /// <summary>Clears every key.</summary>
    public void Dispose() => store.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "SoftwareHsm ****";

    private HsmStatus Find(KeyRef key, KeyUsage usage, bool makesNew, out KeyEntry entry)
    {
        if (!ring.TryGet(key, out entry) && !(store.RefreshSoon() && ring.TryGet(key, out entry)))
            return HsmStatus.KeyNotFound;
        var info = entry.Info;
        if (info.Usage != usage || !AllowsWay(info.Mode, makesNew))
            return HsmStatus.KeyUsageDenied;
        return KeyRules.Allows(info, makesNew);
    }

    private static bool AllowsWay(KeyMode mode, bool makesNew) => mode switch
    {
        KeyMode.GenerateOnly or KeyMode.EncryptOnly => makesNew,
        KeyMode.VerifyOnly or KeyMode.DecryptOnly => !makesNew,
        _ => true,
    };
}
