using System.Buffers.Binary;
using System.Security.Cryptography;
using Processor.Cards;

namespace Processor.Security;

/// <content>PIN work. A clear PIN lives on the stack of these methods and nowhere else.</content>
public sealed partial class SoftwareHsm
{
    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyPinAsync(in PinInput pin, in PinReference reference, CancellationToken cancellationToken)
    {
        var status = RecoverPin(pin, out var clear);
        return new(status == HsmStatus.Ok ? Compare(clear, pin.Pan, reference) : status);
    }

    /// <inheritdoc/>
    public ValueTask<PinReferenceResult> GeneratePinReferenceAsync(in PinInput pin, in PinReference method, CancellationToken cancellationToken)
    {
        var status = RecoverPin(pin, out var clear);
        return new(status == HsmStatus.Ok ? Make(clear, pin.Pan, method) : new PinReferenceResult(status));
    }

    /// <inheritdoc/>
    public ValueTask<PinBlockResult> TranslatePinAsync(in PinInput pin, KeyRef target, PinBlockFormat format, CancellationToken cancellationToken)
    {
        if (!PinTranslation.IsAllowed(pin.Format, format))
            return new(new PinBlockResult(HsmStatus.PolicyDenied));
        var status = RecoverPin(pin, out var clear);
        return new(status == HsmStatus.Ok ? Encrypt(clear, pin.Pan, target, format) : new PinBlockResult(status));
    }

    private HsmStatus RecoverPin(in PinInput input, out ClearPin pin)
    {
        pin = default;
        if (!options.AllowsPin)
            return HsmStatus.PolicyDenied;
        if (input.Pan.Length == 0 || input.Format is PinBlockFormat.Iso2 or > PinBlockFormat.Iso4 || input.Block.Length != (input.Format == PinBlockFormat.Iso4 ? 16 : 8))
            return HsmStatus.PinBlockInvalid;
        var status = DecryptByName(input, out pin);

        // Another host may have taken a new key for the link a moment ago.
        return status == HsmStatus.PinBlockInvalid && store.RefreshSoon() ? DecryptByName(input, out pin) : status;
    }

    private HsmStatus DecryptByName(in PinInput input, out ClearPin pin)
    {
        pin = default;
        var status = Find(input.Key, input.Ksn.Length == 0 ? KeyUsage.PinEncryption : KeyUsage.BaseDerivation, makesNew: false, out var entry);
        if (status != HsmStatus.Ok)
            return status;
        status = Decrypt(entry, input, out pin);

        // A link whose key was just changed still carries blocks under the one before.
        if (status == HsmStatus.PinBlockInvalid && ring.TryGetRetiring(input.Key, out var previous))
            status = Decrypt(previous, input, out pin);
        return status;
    }

    private static HsmStatus Decrypt(KeyEntry entry, in PinInput input, out ClearPin pin)
    {
        Span<byte> pan = stackalloc byte[Pan.LengthMax];
        Span<byte> block = stackalloc byte[16];
        Span<byte> ksn = stackalloc byte[12];
        pan = pan[..input.Pan.CopyDigits(pan)];
        block = block[..input.Block.CopyTo(block)];
        ksn = ksn[..input.Ksn.CopyTo(ksn)];
        pin = default;
        var isAes = entry.Info.Algorithm == KeyAlgorithm.Aes;
        if (isAes != (input.Format == PinBlockFormat.Iso4) || (ksn.Length != 0 && isAes != (ksn.Length == 12)))
            return HsmStatus.KeyUsageDenied;
        PinBlockFault fault;
        if (isAes)
        {
            Span<byte> bytes = stackalloc byte[DukptAes.KeyLengthMax];
            bytes = bytes[..entry.Bytes.Length];
            if (ksn.Length == 0)
                entry.Bytes.CopyTo(bytes);
            else
                DukptAes.TransactionKey(entry.Bytes, ksn, DukptAes.UsagePin, DukptAes.AlgorithmOf(bytes.Length), bytes);
            var key = new AesKey(bytes);
            fault = PinBlockCipher.Decrypt4(ref key, block, PinBlockCode.PanField4(pan), out pin);
            key.Clear();
            CryptographicOperations.ZeroMemory(bytes);
        }
        else
        {
            var cipher = BinaryPrimitives.ReadUInt64BigEndian(block);
            var clear = ksn.Length == 0 ? entry.Des.Decrypt(cipher) : DecryptDukpt(entry, ksn, cipher);
            fault = PinBlockCode.Decode(input.Format, clear, PinBlockCode.PanField(pan), out pin);
        }

        pan.Clear();
        return fault == PinBlockFault.None ? HsmStatus.Ok : HsmStatus.PinBlockInvalid;
    }

    private static ulong DecryptDukpt(KeyEntry entry, ReadOnlySpan<byte> ksn, ulong cipher)
    {
        UInt128 number = 0;
        foreach (var item in ksn)
            number = (number << 8) | item;
        var baseKey = (BinaryPrimitives.ReadUInt64BigEndian(entry.Bytes), BinaryPrimitives.ReadUInt64BigEndian(entry.Bytes[8..]));
        var (left, right) = DukptTdes.PinKey(DukptTdes.TransactionKey(baseKey, number));
        var key = new TripleDesKey(left, right);
        var clear = key.Decrypt(cipher);
        key.Clear();
        return clear;
    }

    private HsmStatus Compare(in ClearPin pin, Pan pan, in PinReference reference)
    {
        switch (reference.Method)
        {
            case PinMethod.VisaPvv when reference.Value.Length == 4:
            case PinMethod.Ibm3624 when reference.Value.Length == pin.Length:
                var status = ComputeValue(pin, pan, reference, makesNew: false, out var right);
                return status != HsmStatus.Ok ? status : right == reference.Value ? HsmStatus.Ok : HsmStatus.VerificationFailed;
            case PinMethod.Ibm3624:
                return reference.Value.Length == 0 ? HsmStatus.InvalidInput : HsmStatus.PinLengthInvalid;
            case PinMethod.Stored:
                status = RecoverPin(new PinInput { Key = reference.Key, Format = reference.Format, Block = reference.Block, Pan = pan }, out var stored);
                if (status != HsmStatus.Ok)
                    return status == HsmStatus.PinBlockInvalid ? HsmStatus.InvalidInput : status;
                return ((stored.Digits ^ pin.Digits) | (uint)(stored.Length ^ pin.Length)) == 0 ? HsmStatus.Ok : HsmStatus.VerificationFailed;
            default:
                return HsmStatus.InvalidInput;
        }
    }

    private HsmStatus ComputeValue(in ClearPin pin, Pan pan, in PinReference reference, bool makesNew, out SecretDigits value)
    {
        value = default;
        var isPvv = reference.Method == PinMethod.VisaPvv;
        if (reference.KeyIndex > 9 || (!isPvv && reference.Profile is null))
            return HsmStatus.InvalidInput;
        var status = Find(reference.Key, isPvv ? KeyUsage.PinVerificationVisa : KeyUsage.PinVerificationIbm, makesNew, out var entry);
        if (status != HsmStatus.Ok)
            return status;
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        digits = digits[..pan.CopyDigits(digits)];
        var number = isPvv
            ? PinValue.Pvv(ref entry.Des, digits, reference.KeyIndex, pin)
            : PinValue.Offset(PinValue.Natural(ref entry.Des, digits, reference.Profile!), pin);
        digits.Clear();
        return SecretDigits.TryFromNumber(number, isPvv ? 4 : pin.Length, out value) ? HsmStatus.Ok : HsmStatus.DeviceFault;
    }

    private PinReferenceResult Make(in ClearPin pin, Pan pan, in PinReference method)
    {
        switch (method.Method)
        {
            case PinMethod.VisaPvv:
                var status = ComputeValue(pin, pan, method, makesNew: true, out var pvv);
                return status == HsmStatus.Ok ? new(status, PinReference.VisaPvv(method.Key, method.KeyIndex, pvv)) : new(status);
            case PinMethod.Ibm3624:
                status = ComputeValue(pin, pan, method, makesNew: true, out var offset);
                return status == HsmStatus.Ok ? new(status, PinReference.Ibm3624(method.Key, method.Profile!, offset)) : new(status);
            case PinMethod.Stored when method.Format is PinBlockFormat.Iso0 or PinBlockFormat.Iso3 or PinBlockFormat.Iso4:
                var stored = Encrypt(pin, pan, method.Key, method.Format);
                return stored.Status == HsmStatus.Ok ? new(stored.Status, PinReference.Stored(method.Key, method.Format, stored.Block)) : new(stored.Status);
            default:
                return new(HsmStatus.InvalidInput);
        }
    }

    private PinBlockResult Encrypt(in ClearPin pin, Pan pan, KeyRef target, PinBlockFormat format)
    {
        var status = Find(target, KeyUsage.PinEncryption, makesNew: true, out var entry);
        if (status != HsmStatus.Ok)
            return new(status);
        if (entry.Info.Algorithm == KeyAlgorithm.Aes != (format == PinBlockFormat.Iso4))
            return new(HsmStatus.KeyUsageDenied);
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        Span<byte> bytes = stackalloc byte[16];
        digits = digits[..pan.CopyDigits(digits)];
        var fill = PinBlockCipher.RandomFill(format);
        if (format == PinBlockFormat.Iso4)
        {
            var key = new AesKey(entry.Bytes);
            PinBlockCipher.Encrypt4(ref key, pin, PinBlockCode.PanField4(digits), fill, bytes);
            key.Clear();
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, entry.Des.Encrypt(PinBlockCode.Encode(format, pin, PinBlockCode.PanField(digits), fill)));
            bytes = bytes[..8];
        }

        digits.Clear();
        return PinBlock.TryFrom(bytes, out var block) ? new(HsmStatus.Ok, block) : new(HsmStatus.DeviceFault);
    }
}
