using Processor.Cards;
using Processor.Security;

namespace Processor.Authorization;

/// <summary>Has the security module make what a card's PIN is checked against, of a PIN that the program sends encrypted.</summary>
/// <param name="hsm">The module.</param>
public sealed class PinIssuer(IHsm hsm)
{
    /// <summary>Takes a PIN.</summary>
    /// <param name="profile">The program's.</param>
    /// <param name="pan">The card's PAN.</param>
    /// <param name="pin">The PIN block, under the program's <see cref="CredentialProfile.PinEntryKey"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<PinIssue> IssueAsync(CredentialProfile profile, Pan pan, SealedPin pin, CancellationToken cancellationToken)
    {
        var plan = new CredentialPlan(profile);
        if (!plan.KeepsPins || !plan.ChecksPin || profile.PinEntryKey.Length == 0)
            return new(PinIssueResult.NotTaken);
        if (!PinBlock.TryFrom(pin.Block.Span, out var block))
            return new(PinIssueResult.Unusable);
        var input = new PinInput { Key = new(profile.PinEntryKey), Format = (PinBlockFormat)pin.Format, Block = block, Pan = pan };
        var made = await hsm.GeneratePinReferenceAsync(input, plan.NewPin(), cancellationToken);
        if (made.Status != HsmStatus.Ok)
            return new(ResultOf(made.Status));
        if (!plan.ChangesChipPins)
            return new(PinIssueResult.Taken, CardPins.Of(made.Reference));
        var forChip = await hsm.TranslatePinAsync(input, plan.ChipPinKey, plan.PinBlockFormat, cancellationToken);
        return forChip.Status == HsmStatus.Ok
            ? new(PinIssueResult.Taken, CardPins.Of(made.Reference), SealedPin.Write(plan.PinBlockFormat, forChip.Block))
            : new(ResultOf(forChip.Status));
    }

    // What a PIN block came to says no more than that it holds no PIN of this card.
    private static PinIssueResult ResultOf(HsmStatus status) => status switch
    {
        HsmStatus.PinBlockInvalid or HsmStatus.PinLengthInvalid or HsmStatus.InvalidInput => PinIssueResult.Unusable,
        HsmStatus.UnsupportedProfile => PinIssueResult.NotTaken,
        _ => PinIssueResult.Unavailable,
    };
}
