using Processor.Cards;

namespace Processor.Ledger;

/// <summary>
/// Something that wants to read or change one account. Its owner fills it in, submits it, and does not touch it until
/// <see cref="Complete"/> is called, once, by the lane. Owners pool their operations; the ledger keeps no reference after that call.
/// </summary>
public abstract class LedgerOperation
{
    /// <summary>The account.</summary>
    public Ulid AccountId { get; set; }

    /// <summary>The request key or the operation's id: the name of the hold field that it leaves. Zero for an operation that leaves none.</summary>
    public UInt128 Key { get; set; }

    /// <summary>How the original is named, for messages that have one. The ledger asks history with it when
    /// <see cref="DecideResult.NeedsHistory"/> is decided; the decision fills it in first.</summary>
    public OriginalQuery Original;

    /// <summary>A transaction of which history is to be asked for every message, for what is here of it has no money; the decision fills it
    /// in with <see cref="Original"/>.</summary>
    public Ulid OriginalTransaction { get; set; }

    /// <summary>True for an operation that must be decided before all that wait: the undoing of an answer that came too late.</summary>
    public bool GoesFirst { get; protected init; }

    /// <summary>True for an operation whose answer changes nothing and must still not be stale: the account is read from Redis
    /// before it is decided.</summary>
    public bool NeedsFreshAccount { get; protected init; }

    /// <summary>True when Postgres was asked already, so that a decision does not ask again.</summary>
    public bool HasHistory { get; internal set; }

    /// <summary>What the decision returned last, good in <see cref="Complete"/>.</summary>
    public DecideResult Result { get; internal set; }

    internal LedgerOperation? Next { get; set; }

    /// <summary>The aggregate that it was last decided against.</summary>
    internal AccountAggregate? Account { get; set; }

    /// <summary>True when a decision asked for every hold once: a conflict then hands all of them back.</summary>
    internal bool NeedsEveryHold { get; set; }

    /// <summary>True when the account was read from Redis since this operation came.</summary>
    internal bool HasFreshAccount { get; set; }

    /// <summary>True when it was part of a call that changed something and whose outcome was not learned before its epoch, or the host, ended.</summary>
    internal bool MayHaveChanged { get; set; }

    /// <summary>What Postgres remembered; null when it was not asked.</summary>
    internal IReadOnlyList<KeyValuePair<UInt128, byte[]>>? History { get; set; }

    /// <summary>Called once on the lane when the outcome is known: answer, and go back to the pool.</summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="flushes">Takes connections to flush when the whole batch is answered.</param>
    /// <remarks>Must neither block nor throw. It may submit further operations.</remarks>
    protected internal abstract void Complete(CommitOutcome outcome, FlushList flushes);

    /// <summary>Completes what is not done, as far as is known.</summary>
    internal void CompleteUndone(FlushList flushes) => Complete(MayHaveChanged ? CommitOutcome.Unknown : CommitOutcome.Unavailable, flushes);

    /// <summary>Makes the operation ready to be used again.</summary>
    protected void ResetOperation()
    {
        AccountId = default;
        Key = default;
        Original = default;
        OriginalTransaction = default;
        HasHistory = false;
        History = null;
        Account = null;
        NeedsEveryHold = false;
        HasFreshAccount = false;
        MayHaveChanged = false;
        Result = default;
        Next = null;
    }
}
