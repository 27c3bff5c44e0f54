using Processor.Security;

namespace Processor.Authorization;

/// <summary>The security module of a host that has none: it cannot be reached, so nothing that must be checked is approved.</summary>
public sealed class AbsentHsm : IHsm
{
    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyCardValueAsync(in CardValueRequest request, SecretDigits value, CancellationToken cancellationToken) => Status;

    /// <inheritdoc/>
    public ValueTask<CardValueResult> GenerateCardValueAsync(in CardValueRequest request, int length, CancellationToken cancellationToken) =>
        new(new CardValueResult(HsmStatus.Unavailable));

    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyThreeDsAsync(in ThreeDsRequest request, CancellationToken cancellationToken) => Status;

    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyPinAsync(in PinInput pin, in PinReference reference, CancellationToken cancellationToken) => Status;

    /// <inheritdoc/>
    public ValueTask<PinReferenceResult> GeneratePinReferenceAsync(in PinInput pin, in PinReference method, CancellationToken cancellationToken) =>
        new(new PinReferenceResult(HsmStatus.Unavailable));

    /// <inheritdoc/>
    public ValueTask<PinBlockResult> TranslatePinAsync(in PinInput pin, KeyRef target, PinBlockFormat format, CancellationToken cancellationToken) =>
        new(new PinBlockResult(HsmStatus.Unavailable));

    /// <inheritdoc/>
    public ValueTask<ArqcResult> VerifyArqcAsync(in ArqcRequest request, CancellationToken cancellationToken) =>
        new(new ArqcResult(HsmStatus.Unavailable));

    /// <inheritdoc/>
    public ValueTask<ScriptResult> GenerateScriptAsync(in ScriptRequest request, CancellationToken cancellationToken) =>
        new(new ScriptResult(HsmStatus.Unavailable));

    /// <inheritdoc/>
    public ValueTask<ScriptResult> GeneratePinChangeAsync(in PinChangeRequest request, CancellationToken cancellationToken) =>
        new(new ScriptResult(HsmStatus.Unavailable));

    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyMacAsync(in MacRequest request, ReadOnlyMemory<byte> mac, CancellationToken cancellationToken) => Status;

    /// <inheritdoc/>
    public ValueTask<HsmStatus> GenerateMacAsync(in MacRequest request, Memory<byte> target, CancellationToken cancellationToken) => Status;

    /// <inheritdoc/>
    public ValueTask<HsmStatus> CheckHealthAsync(CancellationToken cancellationToken) => Status;

    private static ValueTask<HsmStatus> Status => new(HsmStatus.Unavailable);
}
