using Processor.Cards;

namespace Processor.Authorization;

/// <summary>What the security module said of a message's credentials, before its decision. Nothing of the credentials themselves.</summary>
public struct CredentialOutcome
{
    /// <summary>The results, but for those that only the account knows: expiry and counter.</summary>
    public CredentialChecks Checks;

    /// <summary>The chip's transaction counter; good when the cryptogram matches.</summary>
    public ushort Counter;

    /// <summary>A mark of counter and cryptogram that leads back to neither; never zero when the cryptogram matches.</summary>
    public ulong Mark;

    /// <summary>Number of the order whose command is at hand for the chip; 0 for none. Whether it goes out is decided with the message.</summary>
    public int Script;

    /// <summary>True when a PIN came that is to be checked.</summary>
    public bool HasPin;

    /// <summary>Which PIN of the card it was checked against: 0 for what a card without a PIN of its own has, −1 while it waits for the card's.</summary>
    public int PinVersion;

    /// <summary>Number of the order of which the chip tells what became of it; 0 for none. Counts when the cryptogram matches.</summary>
    public int ScriptResultNumber;

    /// <summary>What it tells: the first byte of tag 9F5B.</summary>
    public byte ScriptResult;
}
