using Processor.Ledger;
using Processor.Security;

namespace Processor.Authorization;

/// <summary>A card's PIN between the security module's form and the one in which the card's record keeps it.</summary>
internal static class CardPins
{
    /// <summary>The module's form.</summary>
    /// <param name="pin">As the card's record has it.</param>
    /// <param name="plan">The program's; its method is the one by which the PIN was taken, else nothing can be said.</param>
    /// <param name="reference">What to check against.</param>
    internal static bool TryRead(in CardPin pin, CredentialPlan plan, out PinReference reference)
    {
        reference = default;
        if (pin.Method != (byte)plan.PinMethod || pin.Length > CardPin.ValueLengthMax)
            return false;
        ReadOnlySpan<byte> value = pin.Value;
        value = value[..pin.Length];
        if (plan.PinMethod == PinMethod.Stored)
        {
            if (!PinBlock.TryFrom(value, out var block))
                return false;
            reference = PinReference.Stored(plan.PinKey, (PinBlockFormat)pin.Detail, block);
            return true;
        }

        if (!SecretDigits.TryFromDigits(value, out var digits))
            return false;
        reference = plan.PinMethod == PinMethod.VisaPvv
            ? PinReference.VisaPvv(plan.PinKey, pin.Detail, digits)
            : PinReference.Ibm3624(plan.PinKey, plan.NaturalPin, digits);
        return true;
    }

    /// <summary>The record's form.</summary>
    internal static CardPin Of(in PinReference reference)
    {
        var pin = new CardPin
        {
            Method = (byte)reference.Method,
            Detail = reference.Method == PinMethod.Stored ? (byte)reference.Format : reference.KeyIndex,
        };
        pin.Length = (byte)(reference.Method == PinMethod.Stored ? reference.Block.CopyTo(pin.Value) : reference.Value.CopyDigits(pin.Value));
        return pin;
    }
}
