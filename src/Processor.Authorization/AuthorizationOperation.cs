using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>A message on its way through the ledger. The switch's pooled context derives from it and adds where to answer.</summary>
public abstract class AuthorizationOperation : LedgerOperation
{
    /// <summary>What is asked. Filled in before the operation is submitted, and not changed after.</summary>
    public AuthorizationRequest Request;

    /// <summary>What was decided; written afresh by each decision.</summary>
    public AuthorizationAnswer Answer;

    /// <summary>What the card's own PIN is checked against, as a decision that asks leaves it.</summary>
    internal CardPin Pin;

    /// <summary>Which PIN of the card that is; 0 for a card without one of its own.</summary>
    internal int PinVersion;

    /// <summary>True when the sender has been told 91 already, because the deadline passed: then that is decided. May become true
    /// while the operation waits, and stays true.</summary>
    public virtual bool IsAbandoned => false;

    /// <summary>Forgets request and answer, so that the operation can be used again.</summary>
    protected void ResetAuthorization()
    {
        ResetOperation();
        Request = default;
        Answer = default;
        Pin = default;
        PinVersion = 0;
    }
}
