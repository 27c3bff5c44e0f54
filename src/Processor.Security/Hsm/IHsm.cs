namespace Processor.Security;

/// <summary>A security module, as an issuer asks it. Keys are names; secrets never come out; a verification answers a status and never
/// what it computed. The module in this process answers before the call returns, one across a network later.</summary>
/// <remarks>Nothing is thrown for what a message holds or a module fails at: that is a status, and only <see cref="HsmStatus.Ok"/> approves.
/// Memory in a request is the caller's and is not touched after the answer. Safe from many threads.</remarks>
public interface IHsm
{
    /// <summary>Compares a value from a card with the right one.</summary>
    ValueTask<HsmStatus> VerifyCardValueAsync(in CardValueRequest request, SecretDigits value, CancellationToken cancellationToken);

    /// <summary>Makes a value, to be printed or written on a card.</summary>
    /// <param name="request">What it is computed from.</param>
    /// <param name="length">3 to 5 digits.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<CardValueResult> GenerateCardValueAsync(in CardValueRequest request, int length, CancellationToken cancellationToken);

    /// <summary>Checks an authentication value of 3-D Secure.</summary>
    ValueTask<HsmStatus> VerifyThreeDsAsync(in ThreeDsRequest request, CancellationToken cancellationToken);

    /// <summary>Recovers a PIN inside the module and checks it. The caller counts tries.</summary>
    /// <returns><see cref="HsmStatus.VerificationFailed"/> for a wrong PIN, <see cref="HsmStatus.PinBlockInvalid"/> for a block that holds none.</returns>
    ValueTask<HsmStatus> VerifyPinAsync(in PinInput pin, in PinReference reference, CancellationToken cancellationToken);

    /// <summary>Makes what a PIN is checked against later.</summary>
    /// <param name="pin">The cardholder's PIN.</param>
    /// <param name="method">How it will be checked, without a value.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<PinReferenceResult> GeneratePinReferenceAsync(in PinInput pin, in PinReference method, CancellationToken cancellationToken);

    /// <summary>Encrypts a PIN under another key, in another format where PCI PIN allows that.</summary>
    ValueTask<PinBlockResult> TranslatePinAsync(in PinInput pin, KeyRef target, PinBlockFormat format, CancellationToken cancellationToken);

    /// <summary>Checks a chip's cryptogram and makes what the chip is told. Whether counter and cryptogram came before is the caller's to know.</summary>
    ValueTask<ArqcResult> VerifyArqcAsync(in ArqcRequest request, CancellationToken cancellationToken);

    /// <summary>Gives a command for the chip its MAC.</summary>
    ValueTask<ScriptResult> GenerateScriptAsync(in ScriptRequest request, CancellationToken cancellationToken);

    /// <summary>Makes the command that gives the chip a new PIN.</summary>
    ValueTask<ScriptResult> GeneratePinChangeAsync(in PinChangeRequest request, CancellationToken cancellationToken);

    /// <summary>Compares a message's code with the right one.</summary>
    /// <param name="request">The message.</param>
    /// <param name="mac">The leftmost 4 to 32 bytes of the code.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<HsmStatus> VerifyMacAsync(in MacRequest request, ReadOnlyMemory<byte> mac, CancellationToken cancellationToken);

    /// <summary>Makes a message's code.</summary>
    /// <param name="request">The message.</param>
    /// <param name="target">4 to 32 bytes, as many as wanted, filled with the leftmost bytes of the code.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<HsmStatus> GenerateMacAsync(in MacRequest request, Memory<byte> target, CancellationToken cancellationToken);

    /// <summary>Whether the module can be asked now.</summary>
    ValueTask<HsmStatus> CheckHealthAsync(CancellationToken cancellationToken);
}
