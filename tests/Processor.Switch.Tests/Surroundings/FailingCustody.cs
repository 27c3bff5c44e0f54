using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>A module's side of keys that answers later than the call, and breaks when a key block is to be taken.</summary>
internal sealed class FailingCustody(IKeyCustody keys) : IKeyCustody
{
    /// <summary>What it was given to take.</summary>
    public ReadOnlyMemory<byte> Block { get; private set; }

    public ValueTask<KeyResult> GetKeyAsync(KeyRef key, CancellationToken cancellationToken) => keys.GetKeyAsync(key, cancellationToken);

    public ValueTask<IReadOnlyList<KeyInfo>> ListKeysAsync(CancellationToken cancellationToken) => keys.ListKeysAsync(cancellationToken);

    public ValueTask<KeyResult> GenerateKeyAsync(KeyTemplate wanted, CancellationToken cancellationToken) => keys.GenerateKeyAsync(wanted, cancellationToken);

    public ValueTask<KeyResult> ImportComponentsAsync(KeyTemplate wanted, IReadOnlyList<KeyComponent> components, string checkValue, CancellationToken cancellationToken) =>
        keys.ImportComponentsAsync(wanted, components, checkValue, cancellationToken);

    public async ValueTask<KeyResult> ImportKeyBlockAsync(string id, KeyRef protection, ReadOnlyMemory<byte> block, string checkValue, CancellationToken cancellationToken)
    {
        Block = block;
        await Task.Yield();
        throw new InvalidOperationException("The module broke.");
    }

    public ValueTask<KeyResult> ImportCryptogramAsync(KeyTemplate wanted, KeyRef protection, ReadOnlyMemory<byte> cryptogram, string checkValue, CancellationToken cancellationToken) =>
        keys.ImportCryptogramAsync(wanted, protection, cryptogram, checkValue, cancellationToken);

    public ValueTask<KeyBlockResult> ExportKeyAsync(KeyRef key, KeyRef protection, CancellationToken cancellationToken) => keys.ExportKeyAsync(key, protection, cancellationToken);

    public ValueTask<KeyResult> ActivateKeyAsync(KeyRef key, CancellationToken cancellationToken) => keys.ActivateKeyAsync(key, cancellationToken);

    public ValueTask<KeyResult> RetireKeyAsync(KeyRef key, CancellationToken cancellationToken) => keys.RetireKeyAsync(key, cancellationToken);

    public ValueTask<KeyResult> DestroyKeyAsync(KeyRef key, CancellationToken cancellationToken) => keys.DestroyKeyAsync(key, cancellationToken);
}
