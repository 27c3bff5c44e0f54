namespace Processor.Security;

/// <summary>How a session key for commands is made.</summary>
internal enum MessagingMethod : byte
{
    /// <summary>The counter added to the card's key.</summary>
    Visa,

    /// <summary>EMV common session key of the cryptogram.</summary>
    Cryptogram,
}
