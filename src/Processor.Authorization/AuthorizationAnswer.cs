using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>What the sender is told.</summary>
public struct AuthorizationAnswer
{
    /// <summary>What the answer says.</summary>
    public AnswerKind Kind;

    /// <summary>Why it is declined; <see cref="DeclineReason.None"/> otherwise.</summary>
    public DeclineReason Reason;

    /// <summary>True when this is the stored answer of a request that came before.</summary>
    public bool IsFirstAnswerAgain;

    /// <summary>DE 4 of the answer, in the request's transaction currency.</summary>
    public long ApprovedTransaction;

    /// <summary>DE 6 of the answer, for a request that had one.</summary>
    public long ApprovedBilling;

    /// <summary>DE 4 of the request, told in DE 54 as type 57 when <see cref="Kind"/> is <see cref="AnswerKind.Partial"/>.</summary>
    public long AskedTransaction;

    /// <summary>DE 38; zero bytes when the answer carries none.</summary>
    public Ascii6 ApprovalCode;

    /// <summary>True when DE 54 tells balances.</summary>
    public bool HasBalances;

    /// <summary>Posted balance, DE 54 type 01.</summary>
    public long LedgerBalance;

    /// <summary>Available balance, DE 54 type 02.</summary>
    public long AvailableBalance;

    /// <summary>ISO 4217 numeric code of the balances.</summary>
    public ushort BalanceCurrency;

    /// <summary>True when the command at hand goes to the chip with this answer.</summary>
    public bool HasScript;
}
