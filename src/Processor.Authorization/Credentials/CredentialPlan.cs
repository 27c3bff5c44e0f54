using System.Collections.Frozen;
using Processor.Cards;
using Processor.Security;

namespace Processor.Authorization;

/// <summary>A program's <see cref="CredentialProfile"/>, compiled: keys as the security module names them.</summary>
public sealed class CredentialPlan
{
    // EMV Book 3 annex C10: the second byte approves online, and lets the counters be set to zero.
    private const uint CardStatusApproved = 0x0082_0000;
    private const uint CardStatusDeclined = 0;

    private readonly FrozenDictionary<byte, KeyRef> cryptogramKeys;

    /// <summary>Compiles a profile.</summary>
    /// <exception cref="ArgumentException">A word of the profile means nothing.</exception>
    public CredentialPlan(CredentialProfile profile)
    {
        Profile = profile;
        ValueKey = new(profile.ValueKey);
        TrackKey = new(profile.TrackKey);
        CryptogramKey = new(profile.CryptogramKey);
        IntegrityKey = new(profile.IntegrityKey);
        PinKey = new(profile.PinKey);
        cryptogramKeys = profile.CryptogramKeys.ToFrozenDictionary(pair => pair.Key, pair => new KeyRef(pair.Value));
        Scheme = profile.ChipScheme switch
        {
            "visa" => EmvScheme.Visa,
            "mastercard" => EmvScheme.Mastercard,
            "interac" => EmvScheme.Interac,
            "ccd" => EmvScheme.Ccd,
            _ => throw new ArgumentException($"The chip scheme {profile.ChipScheme} is not known.", nameof(profile)),
        };
        KeyOption = profile.ChipKeyOption switch
        {
            "a" => IccKeyOption.A,
            "b" => IccKeyOption.B,
            _ => throw new ArgumentException($"The chip key option {profile.ChipKeyOption} is not known.", nameof(profile)),
        };
        Session = profile.ChipSession switch
        {
            "profile" => null,
            "card" => SessionMethod.None,
            "common" => SessionMethod.Common,
            "mchip" => SessionMethod.MChip,
            "tree_8_4" => SessionMethod.TreeOfFour,
            "tree_16_2" => SessionMethod.TreeOfTwo,
            _ => throw new ArgumentException($"The chip session {profile.ChipSession} is not known.", nameof(profile)),
        };
        PinMethod = profile.PinMethod switch
        {
            "ibm3624" => PinMethod.Ibm3624,
            "pvv" => PinMethod.VisaPvv,
            "stored" => PinMethod.Stored,
            _ => throw new ArgumentException($"The PIN method {profile.PinMethod} is not known.", nameof(profile)),
        };
        PinBlockFormat = profile.PinBlockFormat switch
        {
            "iso0" => PinBlockFormat.Iso0,
            "iso3" => PinBlockFormat.Iso3,
            "iso4" => PinBlockFormat.Iso4,
            _ => throw new ArgumentException($"The PIN block format {profile.PinBlockFormat} is not one that may be kept.", nameof(profile)),
        };
        if (profile.PinKeyIndex > 9)
            throw new ArgumentException("The index of a PIN verification key is 0 to 9.", nameof(profile));
        if (profile.PinEntryKey.Length > 0 && (profile.PinEntryKey == profile.PinKey || profile.PinEntryKey == profile.ChipPinKey))
            throw new ArgumentException("A key under which PINs come is none under which they are kept.", nameof(profile));
        ConfidentialityKey = new(profile.ConfidentialityKey);
        ChipPinKey = new(profile.ChipPinKey);
        NaturalPin = new(profile.PinDecimalisationTable, profile.PinValidationStart, profile.PinValidationLength, profile.PinValidationPad);
        NaturalOffset = SecretDigits.FromNumber(0, profile.PinLength);
    }

    internal CredentialProfile Profile { get; }

    internal bool ChecksValue => Profile.ValueKey.Length > 0;

    internal bool ChecksTrack => Profile.TrackKey.Length > 0;

    internal bool ChecksCryptogram => Profile.CryptogramKey.Length > 0 || cryptogramKeys.Count > 0;

    internal bool ChecksPin => Profile.PinKey.Length > 0;

    internal KeyRef ValueKey { get; }

    internal KeyRef TrackKey { get; }

    internal KeyRef PinKey { get; }

    internal bool SendsScripts => Profile.IntegrityKey.Length > 0;

    internal KeyRef IntegrityKey { get; }

    internal EmvScheme Scheme { get; }

    internal IccKeyOption KeyOption { get; }

    /// <summary>How chips make session keys; null for what each chip's cryptogram version says.</summary>
    internal SessionMethod? Session { get; }

    internal PinMethod PinMethod { get; }

    /// <summary>True where cards may have PINs of their own, so that the card's record is asked before the module.</summary>
    internal bool KeepsPins => PinMethod == PinMethod.Stored || Profile.PinEntryKey.Length > 0;

    /// <summary>True where a new PIN is ordered for the chip, too.</summary>
    internal bool ChangesChipPins => SendsScripts && Profile.ConfidentialityKey.Length > 0 && Profile.ChipPinKey.Length > 0;

    internal KeyRef ConfidentialityKey { get; }

    /// <summary>Under which a new PIN waits for its chip.</summary>
    internal KeyRef ChipPinKey { get; }

    /// <summary>Of PIN blocks that are kept.</summary>
    internal PinBlockFormat PinBlockFormat { get; }

    /// <summary>The settings of natural PINs; their offset is all zeros.</summary>
    internal Ibm3624Profile NaturalPin { get; }

    internal SecretDigits NaturalOffset { get; }

    private KeyRef CryptogramKey { get; }

    internal KeyRef CryptogramKeyOf(byte index) => cryptogramKeys.TryGetValue(index, out var key) ? key : CryptogramKey;

    /// <summary>How a new PIN will be checked.</summary>
    internal PinReference NewPin() => PinMethod switch
    {
        PinMethod.VisaPvv => PinReference.VisaPvv(PinKey, Profile.PinKeyIndex, pvv: default),
        PinMethod.Stored => PinReference.Stored(PinKey, PinBlockFormat, block: default),
        _ => PinReference.Ibm3624(PinKey, NaturalPin, offset: default),
    };

    /// <summary>What the chip is told when the answer is yes.</summary>
    internal static ArpcRequest ApprovalOf(EmvProfile profile) => profile switch
    {
        EmvProfile.VisaCvn10 or EmvProfile.Interac133 => ArpcRequest.ForResponseCode(0x3030),
        EmvProfile.MChip10 or EmvProfile.MChip11 or EmvProfile.MChip12 or EmvProfile.MChip13 or EmvProfile.MChip14 or EmvProfile.MChip15 => ArpcRequest.ForResponseCode(0x0012),
        _ => ArpcRequest.ForCardStatus(CardStatusApproved),
    };

    /// <summary>What the chip is told when the answer is no.</summary>
    internal static ArpcRequest DeclineOf(EmvProfile profile) => profile switch
    {
        EmvProfile.VisaCvn10 or EmvProfile.Interac133 => ArpcRequest.ForResponseCode(0x3035),
        EmvProfile.MChip10 or EmvProfile.MChip11 or EmvProfile.MChip12 or EmvProfile.MChip13 or EmvProfile.MChip14 or EmvProfile.MChip15 => ArpcRequest.ForResponseCode(0x9900),
        _ => ArpcRequest.ForCardStatus(CardStatusDeclined),
    };
}
