using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>A module across a network: each answer comes later, when the test lets it, or is none. Asked for verifications alone.</summary>
internal sealed class DistantHsm(IHsm near) : IHsm
{
    private int asked;

    /// <summary>Answers come when this is done.</summary>
    public Task Way { get; set; } = Task.CompletedTask;

    /// <summary>What is answered instead; <see cref="HsmStatus.None"/> for the near module's answer.</summary>
    public HsmStatus Failure { get; set; }

    /// <summary>What is answered to the wish for a code; <see cref="HsmStatus.None"/> for the near module's answer.</summary>
    public HsmStatus MakingFailure { get; set; }

    /// <summary>Waits until so many questions have come.</summary>
    public async Task UntilAskedAsync(int times)
    {
        using var patience = new CancellationTokenSource(Peer.Patience);
        while (Volatile.Read(ref asked) < times)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public ValueTask<HsmStatus> VerifyCardValueAsync(in CardValueRequest request, SecretDigits value, CancellationToken cancellationToken) =>
        LaterAsync(near.VerifyCardValueAsync(request, value, cancellationToken), Failure);

    public ValueTask<HsmStatus> VerifyPinAsync(in PinInput pin, in PinReference reference, CancellationToken cancellationToken) =>
        LaterAsync(near.VerifyPinAsync(pin, reference, cancellationToken), Failure);

    public ValueTask<ArqcResult> VerifyArqcAsync(in ArqcRequest request, CancellationToken cancellationToken) =>
        LaterAsync(near.VerifyArqcAsync(request, cancellationToken), new ArqcResult(Failure));

    public ValueTask<CardValueResult> GenerateCardValueAsync(in CardValueRequest request, int length, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<HsmStatus> VerifyThreeDsAsync(in ThreeDsRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<PinReferenceResult> GeneratePinReferenceAsync(in PinInput pin, in PinReference method, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<PinBlockResult> TranslatePinAsync(in PinInput pin, KeyRef target, PinBlockFormat format, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ScriptResult> GenerateScriptAsync(in ScriptRequest request, CancellationToken cancellationToken) =>
        LaterAsync(MakingFailure == HsmStatus.None ? near.GenerateScriptAsync(request, cancellationToken) : new(new ScriptResult(MakingFailure)), new ScriptResult(Failure));

    public ValueTask<ScriptResult> GeneratePinChangeAsync(in PinChangeRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<HsmStatus> VerifyMacAsync(in MacRequest request, ReadOnlyMemory<byte> mac, CancellationToken cancellationToken) =>
        LaterAsync(near.VerifyMacAsync(request, mac, cancellationToken), Failure);

    public ValueTask<HsmStatus> GenerateMacAsync(in MacRequest request, Memory<byte> target, CancellationToken cancellationToken) =>
        MakeLaterAsync(near.GenerateMacAsync(request, target, cancellationToken));

    public ValueTask<HsmStatus> CheckHealthAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    private async ValueTask<HsmStatus> MakeLaterAsync(ValueTask<HsmStatus> answer)
    {
        await Task.Yield();
        var right = await answer;
        return MakingFailure == HsmStatus.None ? right : MakingFailure;
    }

    // The caller's thread never finds the answer there when the call returns.
    private async ValueTask<T> LaterAsync<T>(ValueTask<T> answer, T instead)
    {
        // Whoever sees that it was asked may change the way, and the failure, for the next.
        var (way, fails) = (Way, Failure != HsmStatus.None);
        Interlocked.Increment(ref asked);
        await way;
        await Task.Yield();
        var right = await answer;
        return fails ? instead : right;
    }
}
