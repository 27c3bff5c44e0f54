namespace Processor.Security;

/// <summary>Which profile a card has, as its issuer application data says.</summary>
public static class EmvProfiles
{
    /// <summary>Finds the profile.</summary>
    /// <param name="scheme">Whose layout the application data has: what the card's product is.</param>
    /// <param name="applicationData">Tag 9F10.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="keyIndex">The derivation key index: which version of the issuer's master keys the card's keys are from.</param>
    /// <returns>False for a layout or a cryptogram version that is not known.</returns>
    public static bool TryIdentify(EmvScheme scheme, ReadOnlySpan<byte> applicationData, out EmvProfile profile, out byte keyIndex)
    {
        profile = EmvProfile.None;
        keyIndex = 0;
        if (applicationData.Length < 8 && !(scheme is EmvScheme.Visa or EmvScheme.Interac && applicationData.Length >= 7))
            return false;
        (profile, keyIndex) = scheme switch
        {
            // 06 DKI CVN CVR(4), or 1F CVN DKI CVR(4) and more up to 32 bytes.
            EmvScheme.Visa when applicationData[0] == 0x1F => (applicationData[1] == 0x22 ? EmvProfile.VisaCvn22 : EmvProfile.None, applicationData[2]),
            EmvScheme.Visa => (applicationData[2] switch { 0x0A => EmvProfile.VisaCvn10, 0x12 => EmvProfile.VisaCvn18, _ => EmvProfile.None }, applicationData[1]),

            // DKI CVN CVR(6) DAC(2) and, in some, counters(8).
            EmvScheme.Mastercard => (MChip(applicationData), applicationData[0]),

            // length DKI CVN ...
            EmvScheme.Interac => (applicationData[2] == 0x85 ? EmvProfile.Interac133 : EmvProfile.None, applicationData[1]),

            // 0F CCI(1) DKI(1) CVR(5) counters(8) 0F and 15 bytes of the issuer's
            EmvScheme.Ccd when applicationData.Length == 32 && applicationData[1] == 0xA5 => (EmvProfile.Ccd, applicationData[2]),
            _ => (EmvProfile.None, (byte)0),
        };
        return profile != EmvProfile.None;
    }

    private static EmvProfile MChip(ReadOnlySpan<byte> applicationData) => applicationData[1] switch
    {
        0x10 => EmvProfile.MChip10,
        0x11 when applicationData.Length >= 18 => EmvProfile.MChip11,
        0x12 => EmvProfile.MChip12,
        0x13 when applicationData.Length >= 18 => EmvProfile.MChip13,
        0x14 => EmvProfile.MChip14,
        0x15 when applicationData.Length >= 18 => EmvProfile.MChip15,
        _ => EmvProfile.None,
    };
}
