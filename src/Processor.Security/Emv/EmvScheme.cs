namespace Processor.Security;

/// <summary>Whose layout the issuer application data (9F10) has.</summary>
public enum EmvScheme : byte
{
    None,
    Visa,
    Mastercard,
    Interac,
    Ccd,
}
