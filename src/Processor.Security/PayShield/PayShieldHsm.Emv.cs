using System.Buffers.Binary;
using Processor.Cards;

namespace Processor.Security;

/// <content>Chip cards. A new PIN for the chip has no command here.</content>
public sealed partial class PayShieldHsm
{
    private const int MacLength = 8;

    /// <inheritdoc/>
    public ValueTask<ArqcResult> VerifyArqcAsync(in ArqcRequest request, CancellationToken cancellationToken)
    {
        if (!EmvRules.TryGet(request.Profile, out var rules) || !TryCommand(request.Session ?? rules.Session, rules, out var isCommon, out var scheme))
            return new(new ArqcResult(HsmStatus.UnsupportedProfile));
        Span<byte> data = stackalloc byte[Cryptogram.DataLengthMax + 8];
        var length = Cryptogram.WriteData(rules.Part, request.Icc, data);
        if (request.Pan.Length == 0 || request.Psn > 99 || length == 0 || !Fits(rules, request.Approval) || !Fits(rules, request.Decline))
            return new(new ArqcResult(HsmStatus.InvalidInput));
        if (!keys.TryGet(request.Key, out var key))
            return new(new ArqcResult(HsmStatus.KeyNotFound));

        // The device fills up with zeros and adds nothing to whole blocks; what the scheme adds before is ours.
        if (rules.Padding == MacPadding.Method2)
        {
            data[length] = 0x80;
            length = (length + 8) / 8 * 8;
        }

        var verify = PutCryptogram(key, isCommon, scheme, ModeOf(request.Approval, verifies: true), request, data[..length], request.Approval);
        var decline = request.Decline.Method == 0
            ? null
            : PutCryptogram(key, isCommon, scheme, ModeOf(request.Decline, verifies: false), request, default, request.Decline);
        return AskBothAsync(verify, decline, request.Approval, request.Decline, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ScriptResult> GenerateScriptAsync(in ScriptRequest request, CancellationToken cancellationToken)
    {
        if (!EmvRules.TryGet(request.Profile, out var rules))
            return new(new ScriptResult(HsmStatus.UnsupportedProfile));
        if (request.Header.Length != 5 || request.Data.Length > SecureMessaging.DataLengthMax || request.Pan.Length == 0 || request.Psn > 99)
            return new(new ScriptResult(HsmStatus.InvalidInput));
        if (!keys.TryGet(request.IntegrityKey, out var key))
            return new(new ScriptResult(HsmStatus.KeyNotFound));

        // KU mode(1) scheme(1) MK-SMI PAN and sequence(8 B) session data(8 B) length(4 H) message(n B) ;
        // The session data is the counter for Visa's derivation, and the cryptogram for the common one.
        var isVisa = rules.Messaging == MessagingMethod.Visa;
        Span<byte> session = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(session, isVisa ? request.Atc : request.Cryptogram);
        Span<byte> transaction = stackalloc byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(transaction, request.Atc);
        BinaryPrimitives.WriteUInt64BigEndian(transaction[2..], request.Cryptogram);
        if (!rules.HasTransactionInMac)
            transaction = [];
        var length = request.Header.Length + transaction.Length + request.Data.Length;
        var command = Command("KU"u8).Put("0"u8).Put(isVisa ? "0"u8 : "1"u8).Put(key);
        PutSeed(command, request.KeyOption, request.Pan, request.Psn).Put(session)
            .PutHex((ulong)length, 4).Put(request.Header.Span).Put(transaction).Put(request.Data.Span).Put(";"u8);
        return SecureAsync(command, request.Header, request.Data, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ScriptResult> GeneratePinChangeAsync(in PinChangeRequest request, CancellationToken cancellationToken) =>
        new(new ScriptResult(HsmStatus.UnsupportedProfile));

    // KQ 0: the card's key, or 1: a key of counter and unpredictable number; both make answers by method 1 with the card's key.
    // KW 2: the common session key. The seed of the card's key is ours, so key option B needs no other scheme.
    private static bool TryCommand(SessionMethod session, in EmvRules rules, out bool isCommon, out byte scheme)
    {
        isCommon = session == SessionMethod.Common;
        scheme = (byte)(isCommon ? '2' : session == SessionMethod.None ? '0' : '1');
        return session <= SessionMethod.MChip && isCommon != rules.IsArpcByMaster;
    }

    private static bool Fits(in EmvRules rules, in ArpcRequest request) => request.Method == 0 || request.Method == rules.ArpcMethod;

    // 0: verify; 1 and 2: method 1 with and without verifying; 3 and 4: method 2.
    private static byte ModeOf(in ArpcRequest request, bool verifies) =>
        (byte)('0' + (request.Method == 0 ? 0 : (request.Method * 2) - (verifies ? 1 : 0)));

    private PayShieldCommand PutCryptogram(byte[] key, bool isCommon, byte scheme, byte mode, in ArqcRequest request, ReadOnlySpan<byte> data, in ArpcRequest arpc)
    {
        // KQ mode(1) scheme(1) MK-AC PAN and sequence(8 B) ATC(2 B) UN(4 B) [length(2 H) data(n B) ;] cryptogram(8 B) [response code(2 B)]
        // KW alike without UN; method 2 has [card status(4 B) length(1) proprietary(n B)]
        var command = Command(isCommon ? "KW"u8 : "KQ"u8).Put([mode, scheme]).Put(key);
        PutSeed(command, request.KeyOption, request.Pan, request.Psn);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(number, request.Icc.Atc);
        BinaryPrimitives.WriteUInt32BigEndian(number[2..], request.Icc.UnpredictableNumber);
        command.Put(isCommon ? number[..2] : number[..6]);
        if (!data.IsEmpty)
            command.PutHex((ulong)data.Length, 2).Put(data).Put(";"u8);
        BinaryPrimitives.WriteUInt64BigEndian(number, request.Icc.Cryptogram);
        command.Put(number);
        if (arpc.Method == 1)
        {
            BinaryPrimitives.WriteUInt16BigEndian(number, arpc.ResponseCode);
            command.Put(number[..2]);
        }
        else if (arpc.Method == 2)
        {
            BinaryPrimitives.WriteUInt32BigEndian(number, arpc.CardStatusUpdate);
            command.Put(number[..4]).PutNumber(arpc.ProprietaryLength, 1);
            BinaryPrimitives.WriteUInt64BigEndian(number, arpc.Proprietary);
            command.Put(number[..arpc.ProprietaryLength]);
        }

        return command;
    }

    private static PayShieldCommand PutSeed(PayShieldCommand command, IccKeyOption option, Pan pan, int psn)
    {
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        Span<byte> seed = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(seed, IccKeys.Seed(option, digits[..pan.CopyDigits(digits)], psn));
        digits.Clear();
        command.Put(seed);
        seed.Clear();
        return command;
    }

    // Both are on their way at once. The decline's answer is told only beside a right cryptogram, and both must have come.
    private async ValueTask<ArqcResult> AskBothAsync(
        PayShieldCommand verify, PayShieldCommand? decline, ArpcRequest approval, ArpcRequest refusal, CancellationToken cancellationToken)
    {
        var verifying = pool.AskAsync(verify, cancellationToken);
        var second = decline is null ? default : await pool.AskAsync(decline, cancellationToken);
        var first = await verifying;
        if (first.Status != HsmStatus.Ok)
            return new(Plain(first.Status));
        if (!TryArpc(first.Fields.Span, approval, out var approved))
            return new(HsmStatus.DeviceFault);
        if (decline is null)
            return new(HsmStatus.Ok, approved);
        if (second.Status != HsmStatus.Ok)
            return new(second.Status == HsmStatus.VerificationFailed ? HsmStatus.DeviceFault : Plain(second.Status));
        return TryArpc(second.Fields.Span, refusal, out var declined) ? new(HsmStatus.Ok, approved, declined) : new(HsmStatus.DeviceFault);
    }

    private static bool TryArpc(ReadOnlySpan<byte> fields, in ArpcRequest request, out IssuerAuthentication value)
    {
        value = default;
        if (fields.Length != request.Method switch { 1 => 8, 2 => 4, _ => 0 })
            return false;
        if (request.Method == 1)
            value = IssuerAuthentication.OfMethod1(BinaryPrimitives.ReadUInt64BigEndian(fields), request.ResponseCode);
        else if (request.Method == 2)
            value = IssuerAuthentication.OfMethod2(BinaryPrimitives.ReadUInt32BigEndian(fields), request);
        return true;
    }

    private async ValueTask<ScriptResult> SecureAsync(PayShieldCommand command, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var answer = await pool.AskAsync(command, cancellationToken);
        if (answer.Status != HsmStatus.Ok)
            return new(answer.Status == HsmStatus.VerificationFailed ? HsmStatus.DeviceFault : Plain(answer.Status));
        if (answer.Fields.Length != MacLength)
            return new(HsmStatus.DeviceFault);
        var whole = new byte[header.Length + data.Length + MacLength];
        header.CopyTo(whole);
        data.CopyTo(whole.AsMemory(header.Length));
        answer.Fields.CopyTo(whole.AsMemory(header.Length + data.Length));
        return new(HsmStatus.Ok, whole);
    }
}
