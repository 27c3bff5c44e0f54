using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>What came of credentials must be right, and what the product demands must have come.</summary>
internal static class CredentialRule
{
    internal static DeclineReason Check(in Scene scene)
    {
        var checks = scene.Checks;
        ref readonly var card = ref scene.Account.Card(scene.Request.Card);
        if (checks.Packed != 0)
        {
            var reason = CheckPresented(checks, in card, scene.PinTriesMax);
            if (reason != DeclineReason.None)
                return reason;
        }

        return CheckDemanded(in scene, checks, card.Options);
    }

    private static DeclineReason CheckPresented(CredentialChecks checks, in CardRecord card, int pinTriesMax)
    {
        if (IsWrong(checks[CredentialKind.CardData]))
            return DeclineReason.CardDataMismatch;
        if (IsWrong(checks[CredentialKind.Cryptogram]))
            return DeclineReason.CryptogramInvalid;
        if (IsWrong(checks[CredentialKind.Counter]))
            return DeclineReason.CounterRefused;
        if (IsWrong(checks[CredentialKind.TrackValue]))
            return DeclineReason.TrackValueInvalid;
        if (IsWrong(checks[CredentialKind.ServiceCode]))
            return DeclineReason.ServiceCodeInvalid;
        if (IsWrong(checks[CredentialKind.VerificationValue]))
            return DeclineReason.VerificationValueInvalid;

        // Spent tries are told whatever the PIN was, so that nobody learns by trying on.
        var pin = checks[CredentialKind.Pin];
        if (pin is not (CheckResult.None or CheckResult.NotChecked) && card.PinTries >= pinTriesMax)
            return DeclineReason.PinTriesExceeded;
        if (IsWrong(pin))
            return DeclineReason.PinInvalid;
        return IsAnyUnavailable(checks) ? DeclineReason.SecurityModuleUnavailable : DeclineReason.None;
    }

    private static DeclineReason CheckDemanded(in Scene scene, CredentialChecks checks, CardOptions options)
    {
        var entry = scene.Request.Entry;
        if ((options & CardOptions.DemandsCryptogram) != 0
            && entry is CardEntry.Chip or CardEntry.Contactless
            && checks[CredentialKind.Cryptogram] != CheckResult.Match)
        {
            return DeclineReason.CryptogramRequired;
        }

        if ((options & CardOptions.DemandsVerificationValue) != 0
            && entry == CardEntry.Manual
            && checks[CredentialKind.VerificationValue] != CheckResult.Match)
        {
            return DeclineReason.VerificationValueRequired;
        }

        if (checks[CredentialKind.Pin] == CheckResult.Match)
            return DeclineReason.None;
        if ((options & CardOptions.DemandsPinForCash) != 0 && scene.IsCash)
            return DeclineReason.PinRequired;
        return (options & CardOptions.DemandsPinWithoutContact) != 0 && entry is CardEntry.Contactless or CardEntry.ContactlessStripe
            ? DeclineReason.StrongAuthenticationRequired
            : DeclineReason.None;
    }

    private static bool IsWrong(CheckResult result) => result is CheckResult.Mismatch or CheckResult.Unreadable or CheckResult.Replayed;

    private static bool IsAnyUnavailable(CredentialChecks checks)
    {
        for (var kind = CredentialKind.Expiry; kind <= CredentialKind.Pin; kind++)
        {
            if (checks[kind] == CheckResult.Unavailable)
                return true;
        }

        return false;
    }
}
