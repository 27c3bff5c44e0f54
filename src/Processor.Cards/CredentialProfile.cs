namespace Processor.Cards;

/// <summary>Which credentials a program checks, and with which keys of the security module. Immutable; kept with the program.</summary>
/// <remarks>A key that is not named is not checked with. A key that is named and cannot be used declines: nothing is approved unchecked.</remarks>
public sealed record CredentialProfile
{
    /// <summary>The key of CVV2 and CVC2; empty when they are not checked.</summary>
    public string ValueKey { get; init; } = "";

    /// <summary>The key of CVV and iCVV in tracks; empty when they are not checked.</summary>
    public string TrackKey { get; init; } = "";

    /// <summary>The issuer master key of cryptograms; empty when they are not checked.</summary>
    public string CryptogramKey { get; init; } = "";

    /// <summary>Keys of cryptograms by derivation key index, where a card's index names another than <see cref="CryptogramKey"/>.</summary>
    public IReadOnlyDictionary<byte, string> CryptogramKeys { get; init; } = new Dictionary<byte, string>();

    /// <summary>The issuer master key of commands for the chip; empty when none are sent.</summary>
    public string IntegrityKey { get; init; } = "";

    /// <summary>The issuer master key that encrypts new PINs for the chip; empty where chips have no PIN, or none is changed.</summary>
    public string ConfidentialityKey { get; init; } = "";

    /// <summary>The key of PIN blocks under which a new PIN waits for its chip; empty where none does.</summary>
    public string ChipPinKey { get; init; } = "";

    /// <summary>The key of PINs; empty when they are not checked.</summary>
    public string PinKey { get; init; } = "";

    /// <summary>How PINs are checked: against the card's own where it was given one, else <c>ibm3624</c>: the natural PIN of <see cref="PinLength"/> digits;
    /// <c>pvv</c>: the PVV of track 2. <c>stored</c>: the card's own alone, kept as a block under <see cref="PinKey"/>.</summary>
    public string PinMethod { get; init; } = "ibm3624";

    /// <summary>Digits of a natural PIN, 4 to 12.</summary>
    public byte PinLength { get; init; } = 4;

    /// <summary>16 decimal digits, of which at least four differ: the n-th is what the hexadecimal digit n of a natural PIN becomes.</summary>
    public string PinDecimalisationTable { get; init; } = "0123456789012345";

    /// <summary>The first digit of the PAN from which a natural PIN is made, from 0.</summary>
    public byte PinValidationStart { get; init; }

    /// <summary>How many of them, 1 to 16.</summary>
    public byte PinValidationLength { get; init; } = 16;

    /// <summary>The hexadecimal digit that fills the rest.</summary>
    public char PinValidationPad { get; init; } = 'F';

    /// <summary>The index of the verification key with which PVVs of new PINs are made, 0 to 9.</summary>
    public byte PinKeyIndex { get; init; } = 1;

    /// <summary><c>iso0</c>, <c>iso3</c> or <c>iso4</c>: of PIN blocks that are kept. <c>iso4</c> wants AES keys, the others triple DES.</summary>
    public string PinBlockFormat { get; init; } = "iso3";

    /// <summary>The zone key of PIN blocks under which the program sends PINs for its cards; empty where it sends none.</summary>
    public string PinEntryKey { get; init; } = "";

    /// <summary>True when no card is made without a PIN.</summary>
    public bool DemandsPinAtIssuance { get; init; }

    /// <summary>Wrong PINs after which even the right one is refused.</summary>
    public byte PinTriesMax { get; init; } = 3;

    /// <summary><c>visa</c>, <c>mastercard</c>, <c>interac</c> or <c>ccd</c>: how the chips speak.</summary>
    public string ChipScheme { get; init; } = "visa";

    /// <summary><c>a</c> or <c>b</c>: how the chips' keys are derived from the issuer's (EMV Book 2 annex A1.4). B differs for PANs of more than 16 digits.</summary>
    public string ChipKeyOption { get; init; } = "a";

    /// <summary>How the chips make session keys of cryptograms: <c>profile</c>, as each one's cryptogram version says; or, whatever that says, <c>card</c>
    /// (none: the card's key), <c>common</c>, <c>mchip</c> (counter and unpredictable number), or EMV 2000's <c>tree_8_4</c> or <c>tree_16_2</c>.</summary>
    public string ChipSession { get; init; } = "profile";

    /// <summary>How far a chip's counter may be ahead of the highest that was seen.</summary>
    public ushort CounterGapMax { get; init; } = 1000;

    /// <summary>The service code of the tracks, three digits; 0 when it is not compared.</summary>
    public ushort ServiceCode { get; init; }

    /// <summary>Digits of the track's discretionary data before the CVV: one of the PIN key's index and four of the PVV.</summary>
    public byte TrackValuePosition { get; init; } = 5;

    /// <summary>True when CVV2 is made with the expiry as MMYY instead of YYMM.</summary>
    public bool ValueIsMonthFirst { get; init; }

    /// <summary>True when a chip's amount may be another than DE 4: where tips or fuel are added later.</summary>
    public bool AllowsOtherChipAmount { get; init; }
}
