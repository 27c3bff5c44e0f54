namespace Processor.Iso8583;

/// <summary>
/// The chip data objects that may be shown, with their names (EMV Book 3, annex A). An object that is not in this
/// list is shown by tag and length only, so a new one cannot leak what it holds.
/// </summary>
internal static class IccTag
{
    /// <summary>The name when the content may be shown, or null.</summary>
    public static string? NameOf(int tag) => tag switch
    {
        0x4F => "Application identifier (card)",
        0x50 => "Application label",
        0x82 => "Application interchange profile",
        0x84 => "Dedicated file name",
        0x8A => "Authorization response code",
        0x95 => "Terminal verification results",
        0x9A => "Transaction date",
        0x9B => "Transaction status information",
        0x9C => "Transaction type",
        0x5F2A => "Transaction currency code",
        0x5F34 => "PAN sequence number",
        0x5F36 => "Transaction currency exponent",
        0x9F02 => "Amount, authorized",
        0x9F03 => "Amount, other",
        0x9F06 => "Application identifier (terminal)",
        0x9F07 => "Application usage control",
        0x9F08 => "Application version number (card)",
        0x9F09 => "Application version number (terminal)",
        0x9F10 => "Issuer application data",
        0x9F1A => "Terminal country code",
        0x9F1E => "Interface device serial number",
        0x9F21 => "Transaction time",
        0x9F27 => "Cryptogram information data",
        0x9F33 => "Terminal capabilities",
        0x9F34 => "Cardholder verification method results",
        0x9F35 => "Terminal type",
        0x9F36 => "Application transaction counter",
        0x9F37 => "Unpredictable number",
        0x9F39 => "Point of service entry mode",
        0x9F41 => "Transaction sequence counter",
        0x9F53 => "Transaction category code",
        0x9F6E => "Form factor indicator",
        _ => null,
    };

    /// <summary>The name of an object whose content is never shown, for the reader's comfort.</summary>
    public static string HiddenNameOf(int tag) => tag switch
    {
        0x56 => "Track 1 data",
        0x57 => "Track 2 equivalent data",
        0x5A => "Application PAN",
        0x71 => "Issuer script template 1",
        0x72 => "Issuer script template 2",
        0x91 => "Issuer authentication data",
        0x99 => "Transaction PIN data",
        0x5F20 => "Cardholder name",
        0x5F24 => "Application expiration date",
        0x9F26 => "Application cryptogram",
        _ => "Private or unknown",
    };
}
