using Processor.Cards;
using Processor.Ledger;
using Processor.Security;

namespace Processor.Authorization;

/// <summary>Has the security module look at a message's credentials, all at once, before the message is decided.</summary>
/// <remarks>With a module in this process everything is there when the call returns, and nothing is allocated.</remarks>
/// <param name="hsm">The module.</param>
/// <param name="scripts">Commands that wait for chips; null for none.</param>
public sealed class CredentialCheck(IHsm hsm, ScriptDirectory? scripts = null)
{
    private const int ValueLength = 3;
    private const int PvvLength = 4;

    // The highest two bits of tag 9F27.
    private const byte InformationMask = 0xC0;
    private const byte RequestCryptogram = 0x80;

    /// <summary>The check of a host without a security module: whatever must be checked is declined.</summary>
    public static CredentialCheck WithoutModule() => new(new AbsentHsm());

    /// <summary>Checks, and writes the outcome into the operation's request.</summary>
    /// <param name="operation">What will be decided.</param>
    /// <param name="presented">What came; takes what the chip is told.</param>
    /// <param name="plan">The program's.</param>
    /// <param name="card">The card that the message means.</param>
    public async ValueTask CheckAsync(AuthorizationOperation operation, PresentedCredentials presented, CredentialPlan plan, CardInstance card)
    {
        var checks = CheckData(operation, presented, plan);
        var askedCryptogram = AskCryptogram(operation, presented, plan, card, out var cryptogramAhead);
        var askedTrack = AskTrackValue(operation, presented, plan, out var trackAhead);
        var askedValue = AskValue(presented, plan, card, out var valueAhead);
        var askedPin = AskPin(operation, presented, plan, out var pinAhead);

        var cryptogram = await askedCryptogram;
        checks = checks
            .With(CredentialKind.Cryptogram, cryptogramAhead ?? ResultOf(cryptogram.Status))
            .With(CredentialKind.TrackValue, Choose(trackAhead, await askedTrack))
            .With(CredentialKind.VerificationValue, Choose(valueAhead, await askedValue))
            .With(CredentialKind.Pin, Choose(pinAhead, await askedPin));
        operation.Request.Credentials.Checks = checks;
        if (cryptogram.Status != HsmStatus.Ok)
            return;
        presented.Approval = cryptogram.Approval;
        presented.Decline = cryptogram.Decline;
        operation.Request.Credentials.Counter = presented.Icc.Atc;
        operation.Request.Credentials.ScriptResultNumber = presented.ScriptResultNumber;
        operation.Request.Credentials.ScriptResult = presented.ScriptResult;
        operation.Request.Credentials.Mark = MarkOf(presented.Icc.Atc, presented.Icc.Cryptogram);
        if (scripts is not null && plan.SendsScripts && IsQuestion(in operation.Request) && scripts.TryGet(operation.AccountId, operation.Request.Card, out var script))
            await MakeScriptAsync(operation, presented, plan, card, script);
    }

    /// <summary>Has the command that waits for the chip given its MAC. A module that does not makes it wait for another transaction.</summary>
    private async ValueTask MakeScriptAsync(
        AuthorizationOperation operation, PresentedCredentials presented, CredentialPlan plan, CardInstance card, ScriptPlan script)
    {
        var result = await AskScript(presented, plan, card, script);
        if (result.Status != HsmStatus.Ok)
            return;
        presented.Script = result.Command;
        presented.ScriptPlan = script;
        operation.Request.Credentials.Script = script.Number;
    }

    private ValueTask<ScriptResult> AskScript(PresentedCredentials presented, CredentialPlan plan, CardInstance card, ScriptPlan script)
    {
        if (!EmvProfiles.TryIdentify(plan.Scheme, presented.Icc.ApplicationData, out var profile, out var index))
            return new(new ScriptResult(HsmStatus.UnsupportedProfile));
        var request = new ScriptRequest
        {
            Profile = profile,
            IntegrityKey = plan.IntegrityKey,
            KeyOption = plan.KeyOption,
            Pan = presented.Pan,
            Psn = PsnOf(presented, card),
            Atc = presented.Icc.Atc,
            Cryptogram = presented.Icc.Cryptogram,
            Header = script.Header,
            Data = script.Data,
        };
        return script.IsPinChange ? AskPinChange(request, presented, plan, index, script) : hsm.GenerateScriptAsync(request, CancellationToken.None);
    }

    private ValueTask<ScriptResult> AskPinChange(in ScriptRequest request, PresentedCredentials presented, CredentialPlan plan, byte index, ScriptPlan script)
    {
        if (!plan.ChangesChipPins || !SealedPin.TryRead(script.Data.Span, out var format, out var block))
            return new(new ScriptResult(HsmStatus.PolicyDenied));
        return hsm.GeneratePinChangeAsync(
            new PinChangeRequest
            {
                Script = request,
                CryptogramKey = plan.CryptogramKeyOf(index),
                ConfidentialityKey = plan.ConfidentialityKey,
                NewPin = new PinInput { Key = plan.ChipPinKey, Format = format, Block = block, Pan = presented.Pan },
            },
            CancellationToken.None);
    }

    private static byte PsnOf(PresentedCredentials presented, CardInstance card) =>
        (byte)(presented.SequenceNumber is >= 0 and <= 99 ? presented.SequenceNumber : card.SequenceNumber);

    private static CheckResult Choose(CheckResult? ahead, HsmStatus status) => ahead ?? ResultOf(status);

    private static CheckResult ResultOf(HsmStatus status) => status switch
    {
        HsmStatus.Ok => CheckResult.Match,
        HsmStatus.VerificationFailed or HsmStatus.PinLengthInvalid => CheckResult.Mismatch,
        HsmStatus.PinBlockInvalid or HsmStatus.InvalidInput or HsmStatus.UnsupportedProfile => CheckResult.Unreadable,
        _ => CheckResult.Unavailable,
    };

    /// <summary>What needs no key: do element, track and chip tell the same, and is the service code the card's.</summary>
    private static CredentialChecks CheckData(AuthorizationOperation operation, PresentedCredentials presented, CredentialPlan plan)
    {
        ref readonly var request = ref operation.Request;
        var checks = default(CredentialChecks);
        if (presented.HasTrack)
        {
            var isSame = presented.TrackPan == presented.Pan && (presented.TrackExpiry == 0 || presented.TrackExpiry == request.Expiry);
            checks = checks.With(CredentialKind.CardData, isSame ? CheckResult.Match : CheckResult.Mismatch);
            if (plan.Profile.ServiceCode != 0 && presented.ServiceCode >= 0)
                checks = checks.With(CredentialKind.ServiceCode, presented.ServiceCode == plan.Profile.ServiceCode ? CheckResult.Match : CheckResult.Mismatch);
        }

        if (presented.HasIcc && presented.IccStatus == IccStatus.Ok && plan.ChecksCryptogram && !plan.Profile.AllowsOtherChipAmount && IsQuestion(in request))
        {
            var isSame = presented.Icc.Amount.SequenceEqual(Bcd(request.Transaction.MinorUnits, stackalloc byte[6]))
                && presented.Icc.Currency == BcdOf(request.Transaction.Currency.Numeric);
            if (!isSame || checks[CredentialKind.CardData] == CheckResult.None)
                checks = checks.With(CredentialKind.CardData, isSame ? CheckResult.Match : CheckResult.Mismatch);
        }

        return checks;
    }

    private static bool IsQuestion(in AuthorizationRequest request) => request.Class is MessageClass.Authorization or MessageClass.Financial;

    private ValueTask<ArqcResult> AskCryptogram(
        AuthorizationOperation operation, PresentedCredentials presented, CredentialPlan plan, CardInstance card, out CheckResult? ahead)
    {
        ahead = CheckResult.None;
        if (!presented.HasIcc)
            return default;
        ahead = CheckResult.NotChecked;
        if (!plan.ChecksCryptogram)
            return default;
        ahead = CheckResult.Unreadable;
        if (presented.IccStatus != IccStatus.Ok || !EmvProfiles.TryIdentify(plan.Scheme, presented.Icc.ApplicationData, out var profile, out var index))
            return default;

        // Only an advice may tell of a transaction that the chip has ended (TC) or refused (AAC) by itself.
        if (IsQuestion(in operation.Request) && (presented.Icc.CryptogramInformation & InformationMask) != RequestCryptogram)
            return default;
        ahead = null;
        return hsm.VerifyArqcAsync(
            new ArqcRequest
            {
                Profile = profile,
                Key = plan.CryptogramKeyOf(index),
                KeyOption = plan.KeyOption,
                Session = plan.Session,
                Pan = presented.Pan,
                Psn = PsnOf(presented, card),
                Icc = presented.Icc,
                Approval = CredentialPlan.ApprovalOf(profile),
                Decline = CredentialPlan.DeclineOf(profile),
            },
            CancellationToken.None);
    }

    private ValueTask<HsmStatus> AskTrackValue(AuthorizationOperation operation, PresentedCredentials presented, CredentialPlan plan, out CheckResult? ahead)
    {
        ahead = CheckResult.None;
        if (!presented.HasTrack)
            return default;
        var isChip = operation.Request.Entry is CardEntry.Chip or CardEntry.Contactless or CardEntry.ContactlessStripe;
        var data = presented.DiscretionaryData;
        var position = plan.Profile.TrackValuePosition;

        // A chip's image of the track may leave the value out: its cryptogram says more.
        if (isChip && presented.HasIcc && data.Length < position + ValueLength)
            return default;
        ahead = CheckResult.NotChecked;
        if (!plan.ChecksTrack)
            return default;
        ahead = CheckResult.Unreadable;
        if (data.Length < position + ValueLength || !SecretDigits.TryFromDigits(data.Slice(position, ValueLength), out var value))
            return default;
        ahead = null;
        return hsm.VerifyCardValueAsync(
            new CardValueRequest
            {
                Kind = isChip ? CardValueKind.Icvv : CardValueKind.Cvv,
                Key = plan.TrackKey,
                Pan = presented.Pan,
                Expiry = presented.TrackExpiry,
                ServiceCode = (ushort)presented.ServiceCode,
            },
            value,
            CancellationToken.None);
    }

    private ValueTask<HsmStatus> AskValue(PresentedCredentials presented, CredentialPlan plan, CardInstance card, out CheckResult? ahead)
    {
        ahead = CheckResult.None;
        if (!presented.HasValue)
            return default;
        ahead = CheckResult.NotChecked;
        if (!plan.ChecksValue)
            return default;
        ahead = CheckResult.Unreadable;
        if (presented.Value.Length != ValueLength)
            return default;
        ahead = null;
        var expiry = plan.Profile.ValueIsMonthFirst ? (card.Expiry % 100 * 100) + (card.Expiry / 100) : card.Expiry;
        return hsm.VerifyCardValueAsync(
            new CardValueRequest { Kind = CardValueKind.Cvv2, Key = plan.ValueKey, Pan = presented.Pan, Expiry = (ushort)expiry },
            presented.Value,
            CancellationToken.None);
    }

    /// <summary>Checks the PIN against the card's own, which a decision asked for, and writes the outcome into the operation's request.</summary>
    public async ValueTask CheckPinAsync(AuthorizationOperation operation, PresentedCredentials presented, CredentialPlan plan)
    {
        var version = operation.PinVersion;
        var asked = AskPin(presented, plan, version, in operation.Pin, out var ahead);
        var result = Choose(ahead, await asked);
        ref var outcome = ref operation.Request.Credentials;
        outcome.Checks = outcome.Checks.With(CredentialKind.Pin, result);
        outcome.PinVersion = version;
    }

    private ValueTask<HsmStatus> AskPin(AuthorizationOperation operation, PresentedCredentials presented, CredentialPlan plan, out CheckResult? ahead)
    {
        ahead = CheckResult.None;
        if (!presented.HasPin)
            return default;
        ahead = CheckResult.NotChecked;
        if (!plan.ChecksPin)
            return default;

        // Without the link's key, or without the PVV of a track, nobody can say whether the PIN is right.
        ahead = CheckResult.Unavailable;
        if (presented.ZoneKey.Id.Length == 0)
            return default;
        ref var outcome = ref operation.Request.Credentials;
        outcome.HasPin = true;
        outcome.PinVersion = plan.KeepsPins ? -1 : 0;
        return plan.KeepsPins ? default : AskPin(presented, plan, version: 0, default, out ahead);
    }

    private ValueTask<HsmStatus> AskPin(PresentedCredentials presented, CredentialPlan plan, int version, in CardPin pin, out CheckResult? ahead)
    {
        // A card without a PIN has no right one, and nobody's try is wrong.
        ahead = version == 0 && plan.PinMethod == PinMethod.Stored ? CheckResult.Unreadable : CheckResult.Unavailable;
        PinReference reference;
        if (version == 0 ? !TryGetReference(presented, plan, out reference) : !CardPins.TryRead(in pin, plan, out reference))
            return default;
        ahead = null;
        return hsm.VerifyPinAsync(
            new PinInput { Key = presented.ZoneKey, Format = presented.PinFormat, Block = presented.Pin, Pan = presented.Pan },
            reference,
            CancellationToken.None);
    }

    private static bool TryGetReference(PresentedCredentials presented, CredentialPlan plan, out PinReference reference)
    {
        if (plan.PinMethod == PinMethod.Ibm3624)
        {
            reference = PinReference.Ibm3624(plan.PinKey, plan.NaturalPin, plan.NaturalOffset);
            return true;
        }

        if (plan.PinMethod == PinMethod.Stored)
        {
            reference = default;
            return false;
        }

        // Discretionary data: PVKI(1) PVV(4) ...
        reference = default;
        var data = presented.DiscretionaryData;
        if (data.Length < 1 + PvvLength || !SecretDigits.TryFromDigits(data.Slice(1, PvvLength), out var pvv))
            return false;
        reference = PinReference.VisaPvv(plan.PinKey, (byte)(data[0] - '0'), pvv);
        return true;
    }

    /// <summary>Mixes counter and cryptogram so that neither can be read from the result (Stafford's mix 13), and never zero.</summary>
    private static ulong MarkOf(ushort counter, ulong cryptogram)
    {
        var mark = cryptogram + (0x9E3779B97F4A7C15 * (counter + 1UL));
        mark = (mark ^ (mark >> 30)) * 0xBF58476D1CE4E5B9;
        mark = (mark ^ (mark >> 27)) * 0x94D049BB133111EB;
        mark ^= mark >> 31;
        return mark == 0 ? 1 : mark;
    }

    private static ReadOnlySpan<byte> Bcd(long number, Span<byte> target)
    {
        for (var index = target.Length - 1; index >= 0; index--)
        {
            target[index] = (byte)((number % 10) | (number / 10 % 10 << 4));
            number /= 100;
        }

        return target;
    }

    private static int BcdOf(int number) => (number % 10) | (number / 10 % 10 << 4) | (number / 100 % 10 << 8) | (number / 1000 % 10 << 12);
}
