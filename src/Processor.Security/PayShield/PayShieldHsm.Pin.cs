using System.Text;
using Processor.Cards;

namespace Processor.Security;

/// <content>PIN work. Blocks of format 4 and PINs kept as blocks have no command here.</content>
public sealed partial class PayShieldHsm
{
    private const int PvvLength = 4;
    private const int BlockDigits = 16;
    private const int TdesKsnLength = 10;

    /// <inheritdoc/>
    public ValueTask<HsmStatus> VerifyPinAsync(in PinInput pin, in PinReference reference, CancellationToken cancellationToken)
    {
        var status = CheckPin(pin, out var key, out var format);
        if (status != HsmStatus.Ok)
            return new(status);
        if (reference.Method is not (PinMethod.VisaPvv or PinMethod.Ibm3624))
            return new(reference.Method == PinMethod.Stored ? HsmStatus.UnsupportedProfile : HsmStatus.InvalidInput);
        if (!keys.TryGet(reference.Key, out var verification))
            return new(HsmStatus.KeyNotFound);
        return reference.Method == PinMethod.VisaPvv
            ? VerifyPvv(pin, reference, key, verification, format, cancellationToken)
            : VerifyOffset(pin, reference, key, verification, format, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<PinReferenceResult> GeneratePinReferenceAsync(in PinInput pin, in PinReference method, CancellationToken cancellationToken)
    {
        var status = CheckPin(pin, out var key, out var format);
        if (status == HsmStatus.Ok && (method.Method != PinMethod.VisaPvv || pin.Ksn.Length != 0))
            status = HsmStatus.UnsupportedProfile;
        if (status == HsmStatus.Ok && method.KeyIndex > 9)
            status = HsmStatus.InvalidInput;
        if (status != HsmStatus.Ok)
            return new(new PinReferenceResult(status));
        if (!keys.TryGet(method.Key, out var verification))
            return new(new PinReferenceResult(HsmStatus.KeyNotFound));

        // FW key type(3) ZPK PVK block(16) format(2) account(12) PVKI(1); the answer has PVV(4)
        var command = Command("FW"u8).Put(PayShieldKeys.IsBlock(key) ? "FFF"u8 : "001"u8).Put(key).Put(verification)
            .PutBlock(pin.Block).PutNumber(format, 2).PutAccount(pin.Pan).PutNumber(method.KeyIndex, 1);
        return GeneratePvvAsync(command, method.Key, method.KeyIndex, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<PinBlockResult> TranslatePinAsync(in PinInput pin, KeyRef target, PinBlockFormat format, CancellationToken cancellationToken)
    {
        if (!PinTranslation.IsAllowed(pin.Format, format))
            return new(new PinBlockResult(HsmStatus.PolicyDenied));
        var status = CheckPin(pin, out var key, out var source);
        if (status == HsmStatus.Ok && FormatCode(format) == 0)
            status = HsmStatus.UnsupportedProfile;
        if (status != HsmStatus.Ok)
            return new(new PinBlockResult(status));
        if (!keys.TryGet(target, out var targetKey))
            return new(new PinBlockResult(HsmStatus.KeyNotFound));

        // CC source ZPK, target ZPK, longest PIN(2) block(16) format(2) format(2) account(12)
        // G0 BDK ZPK descriptor(3) serial number(20) block(16) format(2) format(2) account(12); both answer length(2) block(16) format(2)
        var command = pin.Ksn.Length == 0
            ? Command("CC"u8).Put(key).Put(targetKey).Put("12"u8)
            : PutKsn(Command("G0"u8).Put(key).Put(targetKey), pin.Ksn);
        command.PutBlock(pin.Block).PutNumber(source, 2).PutNumber(FormatCode(format), 2).PutAccount(pin.Pan);
        return TranslateAsync(command, FormatCode(format), cancellationToken);
    }

    private static uint FormatCode(PinBlockFormat format) => format switch
    {
        PinBlockFormat.Iso0 => 1,
        PinBlockFormat.Iso1 => 5,
        PinBlockFormat.Iso3 => 47,
        _ => 0,
    };

    private HsmStatus CheckPin(in PinInput pin, out byte[] key, out uint format)
    {
        format = FormatCode(pin.Format);
        key = [];
        if (pin.Format == PinBlockFormat.Iso4 || pin.Ksn.Length is not (0 or TdesKsnLength))
            return HsmStatus.UnsupportedProfile;
        if (pin.Pan.Length == 0 || format == 0 || pin.Block.Length != BlockDigits / 2)
            return HsmStatus.PinBlockInvalid;
        return keys.TryGet(pin.Key, out key) ? HsmStatus.Ok : HsmStatus.KeyNotFound;
    }

    private ValueTask<HsmStatus> VerifyPvv(in PinInput pin, in PinReference reference, byte[] key, byte[] verification, uint format, CancellationToken cancellationToken)
    {
        if (reference.Value.Length != PvvLength || reference.KeyIndex > 9)
            return new(HsmStatus.InvalidInput);

        // EC ZPK PVK block(16) format(2) account(12) PVKI(1) PVV(4)
        // GQ mode(1) BDK PVK descriptor(3) serial number(20) block(16) format(2) account(12) PVKI(1) PVV(4)
        var command = pin.Ksn.Length == 0
            ? Command("EC"u8).Put(key).Put(verification)
            : PutKsn(Command("GQ"u8).Put("0"u8).Put(key).Put(verification), pin.Ksn);
        command.PutBlock(pin.Block).PutNumber(format, 2).PutAccount(pin.Pan).PutNumber(reference.KeyIndex, 1).PutDigits(reference.Value);
        return StatusAsync(command, cancellationToken);
    }

    private ValueTask<HsmStatus> VerifyOffset(in PinInput pin, in PinReference reference, byte[] key, byte[] verification, uint format, CancellationToken cancellationToken)
    {
        if (reference.Value.Length < ClearPin.LengthMin || reference.Profile is not { } profile)
            return new(HsmStatus.InvalidInput);
        Span<byte> validation = stackalloc byte[12];
        if (!TryValidation(pin.Pan, profile, validation))
            return new(HsmStatus.UnsupportedProfile);
        Span<byte> table = stackalloc byte[16];
        for (var index = 0; index < table.Length; index++)
            table[index] = (byte)('0' + profile.DecimalisationTable[index]);
        Span<byte> offset = stackalloc byte[12];
        offset.Fill((byte)'F');
        reference.Value.CopyDigits(offset);

        // EA ZPK PVK longest PIN(2) block(16) format(2) check length(2) account(12) table(16) validation data(12) offset(12)
        // GO mode(1) BDK PVK descriptor(3) serial number(20) block(16) format(2) and as EA from the check length on
        var command = pin.Ksn.Length == 0
            ? Command("EA"u8).Put(key).Put(verification).Put("12"u8)
            : PutKsn(Command("GO"u8).Put("0"u8).Put(key).Put(verification), pin.Ksn);
        command.PutBlock(pin.Block).PutNumber(format, 2).PutNumber((ulong)reference.Value.Length, 2)
            .PutAccount(pin.Pan).Put(table).Put(validation).Put(offset);
        offset.Clear();
        validation.Clear();
        return VerifyOffsetAsync(command, cancellationToken);
    }

    private async ValueTask<HsmStatus> VerifyOffsetAsync(PayShieldCommand command, CancellationToken cancellationToken)
    {
        var answer = await pool.AskAsync(command, cancellationToken);
        return answer.Status == PayShieldErrors.KeyLengthWarning && takesKeyLengthWarning ? HsmStatus.Ok : Plain(answer.Status);
    }

    private async ValueTask<PinReferenceResult> GeneratePvvAsync(PayShieldCommand command, KeyRef key, byte keyIndex, CancellationToken cancellationToken)
    {
        var answer = await pool.AskAsync(command, cancellationToken);
        if (answer.Status != HsmStatus.Ok)
            return new(Plain(answer.Status));
        return answer.Fields.Length == PvvLength && SecretDigits.TryFromDigits(answer.Fields.Span, out var pvv)
            ? new(HsmStatus.Ok, PinReference.VisaPvv(key, keyIndex, pvv))
            : new(HsmStatus.DeviceFault);
    }

    private async ValueTask<PinBlockResult> TranslateAsync(PayShieldCommand command, uint format, CancellationToken cancellationToken)
    {
        var answer = await pool.AskAsync(command, cancellationToken);
        return answer.Status == HsmStatus.Ok ? ReadBlock(answer.Fields.Span, format) : new(Plain(answer.Status));
    }

    private static PinBlockResult ReadBlock(ReadOnlySpan<byte> fields, uint format)
    {
        Span<byte> bytes = stackalloc byte[BlockDigits / 2];
        return fields.Length == 2 + BlockDigits + 2
            && fields[^2] == '0' + (format / 10) && fields[^1] == '0' + (format % 10)
            && Convert.FromHexString(fields.Slice(2, BlockDigits), bytes, out _, out _) == System.Buffers.OperationStatus.Done
            && PinBlock.TryFrom(bytes, out var block)
            ? new(HsmStatus.Ok, block)
            : new(HsmStatus.DeviceFault);
    }

    private PayShieldCommand PutKsn(PayShieldCommand command, in KeySerialNumber ksn)
    {
        Span<byte> bytes = stackalloc byte[TdesKsnLength];
        return command.Put(Encoding.ASCII.GetBytes(ksnDescriptor)).PutHex(bytes[..ksn.CopyTo(bytes)]);
    }

    // The device puts the last five digits of the account field in place of an N, so they must stand in the validation data of this card.
    private static bool TryValidation(Pan pan, Ibm3624Profile profile, Span<byte> target)
    {
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        digits = digits[..pan.CopyDigits(digits)];
        Span<byte> data = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(data, PinValue.ValidationData(digits, profile));
        for (var index = 15; index >= 0; index--)
            data[index] = (byte)"0123456789ABCDEF"[(data[index / 2] >> ((index & 1) == 0 ? 4 : 0)) & 0xF];
        var at = ((ReadOnlySpan<byte>)data).IndexOf(digits[^6..^1]);
        if (at < 0)
            return false;
        data[..at].CopyTo(target);
        target[at] = (byte)'N';
        data[(at + 5)..].CopyTo(target[(at + 1)..]);
        data.Clear();
        digits.Clear();
        return true;
    }
}
