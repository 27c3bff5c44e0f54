namespace Processor.Ledger;

/// <summary>Decides operations against their accounts; a struct of <c>Processor.Authorization</c> implements it, so the call is direct.</summary>
public interface IDecide
{
    /// <summary>Decides one operation. May be called again, with another state of the account, when another host was first.</summary>
    /// <param name="operation">What is asked. The decision writes its answer into it, afresh each time.</param>
    /// <param name="account">The account as far as it is known; <see cref="AccountAggregate.Exists"/> tells whether there is one.
    /// <see cref="AccountAggregate.Now"/> is the time of decision.</param>
    /// <returns>What the lane does next. When it is not <see cref="DecideResult.Changed"/>, nothing was changed.</returns>
    DecideResult Decide(LedgerOperation operation, AccountAggregate account);
}
