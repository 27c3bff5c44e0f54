namespace Processor.Authorization;

/// <summary>What became of a PIN that the program sent.</summary>
public enum PinIssueResult : byte
{
    /// <summary>The program takes no PINs, or the module makes nothing of this kind.</summary>
    NotTaken,

    /// <summary>It is what the card's PIN is checked against, once the ledger has it.</summary>
    Taken,

    /// <summary>The block holds no PIN for this card.</summary>
    Unusable,

    /// <summary>The security module could not be asked, or lacks a key.</summary>
    Unavailable,
}
