using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Processor.Cards;

namespace Processor.Security;

/// <content>Card values.</content>
public sealed partial class SoftwareHsm
{
    private const int ValueLengthMax = 5;
    private const int TrackLengthMax = 128;

    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyCardValueAsync(in CardValueRequest request, SecretDigits value, CancellationToken cancellationToken)
    {
        var status = ComputeCardValue(request, value.Length, makesNew: false, out var right);
        return new(status != HsmStatus.Ok ? status : right == value ? HsmStatus.Ok : HsmStatus.VerificationFailed);
    }

    /// <inheritdoc/>
    public ValueTask<CardValueResult> GenerateCardValueAsync(in CardValueRequest request, int length, CancellationToken cancellationToken)
    {
        var status = ComputeCardValue(request, length, makesNew: true, out var value);
        return new(new CardValueResult(status, value));
    }

    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyThreeDsAsync(in ThreeDsRequest request, CancellationToken cancellationToken)
    {
        var status = Find(request.Key, KeyUsage.Hmac, makesNew: false, out var entry);
        if (status != HsmStatus.Ok)
            return new(status);
        if (request.Pan.Length == 0 || request.MerchantName.Length > TrackLengthMax || request.Currency > 9999)
            return new(HsmStatus.InvalidInput);
        Span<byte> pan = stackalloc byte[Pan.LengthMax];
        pan = pan[..request.Pan.CopyDigits(pan)];
        Span<byte> right = stackalloc byte[Spa.AavLength];
        var value = request.Value.Span;
        switch (request.Profile)
        {
            case ThreeDsProfile.Spa1 when value.Length == Spa.AavLength:
                Spa.Aav(entry.Bytes, pan, request.MerchantName.Span, value[0], value.Slice(9, 6), right);
                break;
            case ThreeDsProfile.Spa2 when value.Length == Spa.IavLength && request.AmountMinor >= 0:
                var currency = (ushort)DigitBlock.PackNumber(request.Currency, 3);
                BinaryPrimitives.WriteUInt32BigEndian(right, Spa.Iav(entry.Bytes, pan, request.MerchantName.Span, request.AmountMinor, currency, request.TransactionIdStart));
                right = right[..Spa.IavLength];
                break;
            default:
                return new(request.Profile is ThreeDsProfile.Spa1 or ThreeDsProfile.Spa2 ? HsmStatus.InvalidInput : HsmStatus.UnsupportedProfile);
        }

        pan.Clear();
        return new(CryptographicOperations.FixedTimeEquals(right, value) ? HsmStatus.Ok : HsmStatus.VerificationFailed);
    }

    private HsmStatus ComputeCardValue(in CardValueRequest request, int length, bool makesNew, out SecretDigits value)
    {
        value = default;
        if (request.Pan.Length == 0 || length is < 1 or > ValueLengthMax || request.Expiry > 9999 || request.ServiceCode > 999 || request.Psn > 99)
            return HsmStatus.InvalidInput;
        if (request.Kind != CardValueKind.Cvc3 && length < 3)
            return HsmStatus.InvalidInput;
        var status = FindCardKey(request, makesNew, out var entry);
        if (status != HsmStatus.Ok)
            return status;
        Span<byte> digits = stackalloc byte[32];
        var panLength = request.Pan.CopyDigits(digits);
        ulong number;
        switch (request.Kind)
        {
            case CardValueKind.Dcvv:
                {
                    var icc = IccKey(entry, request, digits[..panLength]);
                    CardValue.ReplaceByAtc(digits, request.Atc % 10_000);
                    number = Cvv(ref icc, digits, panLength, request.Expiry, request.ServiceCode, length);
                    icc.Clear();
                    break;
                }

            case CardValueKind.Cvc3:
                {
                    if (request.Track.Length is 0 or > TrackLengthMax)
                        return HsmStatus.InvalidInput;
                    var icc = IccKey(entry, request, digits[..panLength]);
                    var whole = CardValue.Cvc3(ref icc, CardValue.IvCvc3(ref icc, request.Track.Span), request.UnpredictableNumber, request.Atc);
                    number = length switch { 1 => whole % 10u, 2 => whole % 100u, 3 => whole % 1_000u, 4 => whole % 10_000u, _ => whole };
                    icc.Clear();
                    break;
                }

            default:
                var service = request.Kind switch { CardValueKind.Cvv2 => 0, CardValueKind.Icvv => 999, _ => request.ServiceCode };
                number = Cvv(ref entry.Des, digits, panLength, request.Expiry, service, length);
                break;
        }

        digits.Clear();
        return SecretDigits.TryFromNumber(number, length, out value) ? HsmStatus.Ok : HsmStatus.DeviceFault;
    }

    private static ulong Cvv(ref TripleDesKey key, Span<byte> digits, int panLength, int expiry, int service, int length)
    {
        expiry.TryFormat(digits[panLength..], out _, "D4", CultureInfo.InvariantCulture);
        service.TryFormat(digits[(panLength + 4)..], out _, "D3", CultureInfo.InvariantCulture);
        return CardValue.Cvv(ref key, digits[..(panLength + 7)], length);
    }

    private HsmStatus FindCardKey(in CardValueRequest request, bool makesNew, out KeyEntry entry)
    {
        if (request.Kind is CardValueKind.Cvv or CardValueKind.Cvv2 or CardValueKind.Icvv or CardValueKind.Cavv)
            return Find(request.Key, KeyUsage.CardVerification, makesNew, out entry);
        if (request.Kind is not (CardValueKind.Dcvv or CardValueKind.Cvc3))
        {
            entry = null!;
            return HsmStatus.UnsupportedProfile;
        }

        var status = Find(request.Key, KeyUsage.EmvDynamicNumbers, makesNew, out entry);
        if (status == HsmStatus.KeyUsageDenied)
            status = Find(request.Key, KeyUsage.EmvOther, makesNew, out entry);
        if (status == HsmStatus.KeyUsageDenied && request.Kind == CardValueKind.Dcvv)
            status = Find(request.Key, KeyUsage.EmvCryptogram, makesNew, out entry);
        return status;
    }

    private static TripleDesKey IccKey(KeyEntry entry, in CardValueRequest request, ReadOnlySpan<byte> pan)
    {
        var (left, right) = IccKeys.Master(ref entry.Des, request.KeyOption, pan, request.Psn);
        return new(left, right);
    }
}
