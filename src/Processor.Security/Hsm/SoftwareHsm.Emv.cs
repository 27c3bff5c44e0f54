using System.Buffers.Binary;
using Processor.Cards;

namespace Processor.Security;

/// <content>Chip cards.</content>
public sealed partial class SoftwareHsm
{
    private const int HeaderLength = 5;
    private const int MacLength = 8;

    /// <inheritdoc/>
    public ValueTask<ArqcResult> VerifyArqcAsync(in ArqcRequest request, CancellationToken cancellationToken) => new(VerifyArqc(request));

    /// <inheritdoc/>
    public ValueTask<ScriptResult> GenerateScriptAsync(in ScriptRequest request, CancellationToken cancellationToken)
    {
        if (request.Header.Length != HeaderLength || request.Data.Length > SecureMessaging.DataLengthMax || !IsCard(request.Pan, request.Psn))
            return new(new ScriptResult(HsmStatus.InvalidInput));
        return new(Secure(request, request.Header.Span, request.Data.Span));
    }

    /// <inheritdoc/>
    public ValueTask<ScriptResult> GeneratePinChangeAsync(in PinChangeRequest request, CancellationToken cancellationToken)
    {
        var script = request.Script;
        if (!EmvRules.TryGet(script.Profile, out var rules))
            return new(new ScriptResult(HsmStatus.UnsupportedProfile));

        // Visa's cards alone check the PIN that they have, and then all of them take Visa's block.
        var hasCurrent = request.CurrentPin is not null;
        if (!IsCard(script.Pan, script.Psn) || (hasCurrent && script.Profile > EmvProfile.VisaCvn22))
            return new(new ScriptResult(HsmStatus.InvalidInput));
        var status = RecoverPin(request.NewPin, out var pin);
        var current = default(ClearPin);
        if (status == HsmStatus.Ok && request.CurrentPin is { } currentPin)
            status = RecoverPin(currentPin, out current);
        if (status == HsmStatus.Ok && request.NewPin.Pan != script.Pan)
            status = HsmStatus.PolicyDenied;
        KeyEntry? cryptogramKey = null;
        KeyEntry? confidentialityKey = null;
        if (status == HsmStatus.Ok)
            status = Find(request.CryptogramKey, KeyUsage.EmvCryptogram, makesNew: false, out cryptogramKey);
        if (status == HsmStatus.Ok)
            status = Find(request.ConfidentialityKey, KeyUsage.EmvConfidentiality, makesNew: false, out confidentialityKey);
        if (status != HsmStatus.Ok)
            return new(new ScriptResult(status));
        Span<byte> clear = stackalloc byte[8];
        Span<byte> cipher = stackalloc byte[24];
        var block = rules.IsVisPin || hasCurrent
            ? SecureMessaging.VisPinBlock(Master(cryptogramKey!, script.KeyOption, script.Pan, script.Psn).Left, pin, current)
            : pin.Field(2, PinBlockCode.FilledWithF);
        BinaryPrimitives.WriteUInt64BigEndian(clear, block);
        var key = Messaging(rules, confidentialityKey!, script);
        var length = SecureMessaging.Encrypt(ref key, rules.Cipher, clear, cipher);
        key.Clear();
        clear.Clear();
        ReadOnlySpan<byte> header = [0x84, 0x24, 0x00, (byte)(hasCurrent ? 1 : 2), (byte)(length + MacLength)];
        return new(Secure(script, header, cipher[..length]));
    }

    private ArqcResult VerifyArqc(in ArqcRequest request)
    {
        if (!EmvRules.TryGet(request.Profile, out var rules))
            return new(HsmStatus.UnsupportedProfile);
        var method = request.Session ?? rules.Session;
        if (method > SessionMethod.TreeOfTwo)
            return new(HsmStatus.UnsupportedProfile);
        if (!IsCard(request.Pan, request.Psn))
            return new(HsmStatus.InvalidInput);
        var status = Find(request.Key, KeyUsage.EmvCryptogram, makesNew: false, out var entry);
        if (status != HsmStatus.Ok)
            return new(status);
        Span<byte> data = stackalloc byte[Cryptogram.DataLengthMax];
        var length = Cryptogram.WriteData(rules.Part, request.Icc, data);
        if (length == 0 || !Fits(rules, request.Approval) || !Fits(rules, request.Decline))
            return new(HsmStatus.InvalidInput);
        var cardKey = Master(entry, request.KeyOption, request.Pan, request.Psn);
        var master = new TripleDesKey(cardKey.Left, cardKey.Right);
        ArqcResult result;
        if (method == SessionMethod.None)
        {
            result = Answer(ref master, ref master, rules, request, data[..length]);
        }
        else
        {
            var (sessionLeft, sessionRight) = Cryptogram.Session(ref master, cardKey, method, request.Icc.Atc, request.Icc.UnpredictableNumber);
            var session = new TripleDesKey(sessionLeft, sessionRight);
            result = Answer(ref master, ref session, rules, request, data[..length]);
            session.Clear();
        }

        master.Clear();
        return result;
    }

    private static ArqcResult Answer(ref TripleDesKey master, ref TripleDesKey session, in EmvRules rules, in ArqcRequest request, ReadOnlySpan<byte> data)
    {
        var cryptogram = request.Icc.Cryptogram;
        if (!Cryptogram.AreEqual(RetailMac.Algorithm3(ref session, data, rules.Padding), cryptogram))
            return new(HsmStatus.VerificationFailed);
        ref var key = ref rules.IsArpcByMaster ? ref master : ref session;
        var (approval, decline) = (request.Approval, request.Decline);
        if (approval is not { Method: 2, ProprietaryLength: 0 } || decline is not { Method: 2, ProprietaryLength: 0 })
            return new(HsmStatus.Ok, Arpc(ref key, cryptogram, approval), Arpc(ref key, cryptogram, decline));
        var (approved, declined) = Cryptogram.Arpc2(ref key, cryptogram, approval.CardStatusUpdate, decline.CardStatusUpdate);
        return new(HsmStatus.Ok, IssuerAuthentication.OfMethod2(approved, approval), IssuerAuthentication.OfMethod2(declined, decline));
    }

    private static IssuerAuthentication Arpc(ref TripleDesKey key, ulong cryptogram, in ArpcRequest request) => request.Method switch
    {
        1 => IssuerAuthentication.OfMethod1(Cryptogram.Arpc1(ref key, cryptogram, request.ResponseCode), request.ResponseCode),
        2 => IssuerAuthentication.OfMethod2(Cryptogram.Arpc2(ref key, cryptogram, request.CardStatusUpdate, request.Proprietary, request.ProprietaryLength), request),
        _ => default,
    };

    private static bool Fits(in EmvRules rules, in ArpcRequest request) => request.Method == 0 || request.Method == rules.ArpcMethod;

    private static bool IsCard(Pan pan, int psn) => pan.Length != 0 && psn <= 99;

    private static (ulong Left, ulong Right) Master(KeyEntry entry, IccKeyOption option, Pan pan, int psn)
    {
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        var master = IccKeys.Master(ref entry.Des, option, digits[..pan.CopyDigits(digits)], psn);
        digits.Clear();
        return master;
    }

    private static TripleDesKey Messaging(in EmvRules rules, KeyEntry entry, in ScriptRequest request)
    {
        var master = Master(entry, request.KeyOption, request.Pan, request.Psn);
        var (left, right) = master;
        if (rules.Messaging == MessagingMethod.Visa)
        {
            (left, right) = IccKeys.VisaMessaging(master, request.Atc);
        }
        else
        {
            var key = new TripleDesKey(left, right);
            (left, right) = IccKeys.CommonSession(ref key, request.Cryptogram);
            key.Clear();
        }

        return new(left, right);
    }

    private ScriptResult Secure(in ScriptRequest request, ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        if (!EmvRules.TryGet(request.Profile, out var rules))
            return new(HsmStatus.UnsupportedProfile);
        var status = Find(request.IntegrityKey, KeyUsage.EmvIntegrity, makesNew: false, out var entry);
        if (status != HsmStatus.Ok)
            return new(status);
        var command = new byte[header.Length + data.Length + MacLength];
        header.CopyTo(command);
        data.CopyTo(command.AsSpan(header.Length));
        var key = Messaging(rules, entry, request);
        BinaryPrimitives.WriteUInt64BigEndian(
            command.AsSpan(header.Length + data.Length),
            SecureMessaging.Mac(ref key, rules, header, request.Atc, request.Cryptogram, data));
        key.Clear();
        return new(HsmStatus.Ok, command);
    }
}
