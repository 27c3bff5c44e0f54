namespace Processor.Security;

/// <summary>One row of the table of profiles.</summary>
/// <param name="Session">The key of the cryptogram.</param>
/// <param name="Part">What is covered besides the ten tags.</param>
/// <param name="Padding">Method 1 is zeros, method 2 is 80 and zeros.</param>
/// <param name="ArpcMethod">1 or 2.</param>
/// <param name="IsArpcByMaster">The answer is made with the card's key, not the session's.</param>
/// <param name="Messaging">The key of commands.</param>
/// <param name="Cipher">How PIN data is encrypted.</param>
/// <param name="IsVisPin">The PIN block is Visa's own, combined with the card's key.</param>
/// <param name="HasTransactionInMac">Counter and cryptogram are in a command's MAC.</param>
internal readonly record struct EmvRules(
    SessionMethod Session,
    ApplicationPart Part,
    MacPadding Padding,
    byte ArpcMethod,
    bool IsArpcByMaster,
    MessagingMethod Messaging,
    MessagingCipher Cipher,
    bool IsVisPin,
    bool HasTransactionInMac = true)
{
    private static readonly EmvRules[] Table =
    [
        default,
        new(SessionMethod.None, ApplicationPart.VisaResults, MacPadding.Method1, 1, true, MessagingMethod.Visa, MessagingCipher.Visa, true),
        new(SessionMethod.Common, ApplicationPart.Whole, MacPadding.Method2, 2, false, MessagingMethod.Visa, MessagingCipher.Visa, true),
        new(SessionMethod.Common, ApplicationPart.Whole, MacPadding.Method2, 2, false, MessagingMethod.Cryptogram, MessagingCipher.Visa, false),
        new(SessionMethod.MChip, ApplicationPart.MChipResults, MacPadding.Method2, 1, true, MessagingMethod.Cryptogram, MessagingCipher.Mastercard, false),
        new(SessionMethod.MChip, ApplicationPart.MChipCounters, MacPadding.Method2, 1, true, MessagingMethod.Cryptogram, MessagingCipher.Mastercard, false),
        new(SessionMethod.Common, ApplicationPart.MChipResults, MacPadding.Method2, 1, false, MessagingMethod.Cryptogram, MessagingCipher.Mastercard, false),
        new(SessionMethod.Common, ApplicationPart.MChipCounters, MacPadding.Method2, 1, false, MessagingMethod.Cryptogram, MessagingCipher.Mastercard, false),
        new(SessionMethod.MChip, ApplicationPart.Whole, MacPadding.Method2, 1, false, MessagingMethod.Cryptogram, MessagingCipher.Mastercard, false, false),
        new(SessionMethod.Common, ApplicationPart.Whole, MacPadding.Method2, 2, false, MessagingMethod.Cryptogram, MessagingCipher.Emv, false),
        new(SessionMethod.TreeOfFour, ApplicationPart.MChipResults, MacPadding.Method2, 1, false, MessagingMethod.Cryptogram, MessagingCipher.Mastercard, false),
        new(SessionMethod.TreeOfFour, ApplicationPart.MChipCounters, MacPadding.Method2, 1, false, MessagingMethod.Cryptogram, MessagingCipher.Mastercard, false),
    ];

    /// <summary>Finds the row.</summary>
    /// <returns>False for a value that is no profile.</returns>
    internal static bool TryGet(EmvProfile profile, out EmvRules rules)
    {
        rules = profile is > EmvProfile.None and <= EmvProfile.MChip13 ? Table[(int)profile] : default;
        return rules.ArpcMethod != 0;
    }
}
