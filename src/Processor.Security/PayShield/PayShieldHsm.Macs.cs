namespace Processor.Security;

/// <content>Codes of messages: ISO 9797-1 algorithms 1 and 3, of 4 or 8 bytes.</content>
public sealed partial class PayShieldHsm
{
    /// <summary>The longest message, so that a command fits its buffer.</summary>
    private const int MessageLengthMax = 2_048;

    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyMacAsync(in MacRequest request, ReadOnlyMemory<byte> mac, CancellationToken cancellationToken)
    {
        var status = CheckMac(request, mac.Length, out var key);
        if (status != HsmStatus.Ok)
            return new(status);

        // M8 as M6, and the code in hexadecimal digits behind the message
        return StatusAsync(PutMessage("M8"u8, key, request, mac.Length).PutHex(mac.Span), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<HsmStatus> GenerateMacAsync(in MacRequest request, Memory<byte> target, CancellationToken cancellationToken)
    {
        var status = CheckMac(request, target.Length, out var key);
        return status != HsmStatus.Ok ? new(status) : GenerateMacAsync(PutMessage("M6"u8, key, request, target.Length), target, cancellationToken);
    }

    private async ValueTask<HsmStatus> GenerateMacAsync(PayShieldCommand command, Memory<byte> target, CancellationToken cancellationToken)
    {
        var answer = await pool.AskAsync(command, cancellationToken);
        if (answer.Status != HsmStatus.Ok)
            return answer.Status == HsmStatus.VerificationFailed ? HsmStatus.DeviceFault : Plain(answer.Status);
        return answer.Fields.Length == target.Length * 2 && Convert.FromHexString(answer.Fields.Span, target.Span, out _, out _) == System.Buffers.OperationStatus.Done
            ? HsmStatus.Ok
            : HsmStatus.DeviceFault;
    }

    private HsmStatus CheckMac(in MacRequest request, int length, out byte[] key)
    {
        key = [];
        if (request.Algorithm is not (MacAlgorithm.Iso9797Alg1 or MacAlgorithm.Iso9797Alg3))
            return HsmStatus.UnsupportedProfile;
        if (request.Padding is MacPadding.None or > MacPadding.Method3 || length is not (4 or 8) || request.Data.Length is 0 or > MessageLengthMax)
            return HsmStatus.InvalidInput;
        return keys.TryGet(request.Key, out key) ? HsmStatus.Ok : HsmStatus.KeyNotFound;
    }

    // M6 mode(1: all in one block) input(1: binary) size(1) algorithm(1) padding(1) key type(3) key length(4 H) message(n B)
    private PayShieldCommand PutMessage(ReadOnlySpan<byte> code, byte[] key, in MacRequest request, int macLength) =>
        Command(code).Put("00"u8).Put(macLength == 4 ? "0"u8 : "1"u8)
            .Put(request.Algorithm == MacAlgorithm.Iso9797Alg1 ? "1"u8 : "3"u8)
            .PutNumber((ulong)request.Padding, 1)
            .Put(PayShieldKeys.IsBlock(key) ? "FFF"u8 : "008"u8).Put(key)
            .PutHex((ulong)request.Data.Length, 4).Put(request.Data.Span);
}
