namespace Processor.Security;

/// <summary>How a command's data is encrypted.</summary>
internal enum MessagingCipher : byte
{
    /// <summary>A length byte before, 80 and zeros behind, each block by itself.</summary>
    Visa,

    /// <summary>Chained, and padded only where the data does not fill its blocks.</summary>
    Mastercard,

    /// <summary>Chained and always padded.</summary>
    Emv,
}
