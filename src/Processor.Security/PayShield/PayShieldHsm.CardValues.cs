namespace Processor.Security;

/// <content>Card values.</content>
public sealed partial class PayShieldHsm
{
    private const int CvvLength = 3;

    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyCardValueAsync(in CardValueRequest request, SecretDigits value, CancellationToken cancellationToken)
    {
        var status = CheckCardValue(request, value.Length, out var key);
        if (status != HsmStatus.Ok)
            return new(status);

        // CY key CVV(3) PAN ; expiry(4) service code(3)
        var command = Command("CY"u8).Put(key).PutDigits(value);
        return StatusAsync(PutCard(command, request), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<CardValueResult> GenerateCardValueAsync(in CardValueRequest request, int length, CancellationToken cancellationToken)
    {
        var status = CheckCardValue(request, length, out var key);
        if (status != HsmStatus.Ok)
            return new(new CardValueResult(status));

        // CW key PAN ; expiry(4) service code(3); the answer has CVV(3)
        return GenerateAsync(PutCard(Command("CW"u8).Put(key), request), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyThreeDsAsync(in ThreeDsRequest request, CancellationToken cancellationToken) => new(HsmStatus.UnsupportedProfile);

    private async ValueTask<CardValueResult> GenerateAsync(PayShieldCommand command, CancellationToken cancellationToken)
    {
        var answer = await pool.AskAsync(command, cancellationToken);
        if (answer.Status != HsmStatus.Ok)
            return new(Plain(answer.Status));
        return answer.Fields.Length == CvvLength && SecretDigits.TryFromDigits(answer.Fields.Span, out var value)
            ? new(HsmStatus.Ok, value)
            : new(HsmStatus.DeviceFault);
    }

    private HsmStatus CheckCardValue(in CardValueRequest request, int length, out byte[] key)
    {
        key = [];
        if (request.Kind is not (CardValueKind.Cvv or CardValueKind.Cvv2 or CardValueKind.Icvv or CardValueKind.Cavv))
            return HsmStatus.UnsupportedProfile;
        if (request.Pan.Length == 0 || length != CvvLength || request.Expiry > 9999 || request.ServiceCode > 999)
            return HsmStatus.InvalidInput;
        return keys.TryGet(request.Key, out key) ? HsmStatus.Ok : HsmStatus.KeyNotFound;
    }

    private static PayShieldCommand PutCard(PayShieldCommand command, in CardValueRequest request)
    {
        var service = request.Kind switch { CardValueKind.Cvv2 => 0u, CardValueKind.Icvv => 999u, _ => request.ServiceCode };
        return command.PutPan(request.Pan).Put(";"u8).PutNumber(request.Expiry, 4).PutNumber(service, 3);
    }
}
