using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Switch.Tests;

/// <summary>The real decisions over accounts in memory, completed as they are submitted. Nothing is durable; one thread at a time.</summary>
internal sealed class MemoryLedger(ProgramDirectory programs, TimeProvider clock) : ILedger
{
    private readonly Dictionary<Ulid, AccountAggregate> accounts = [];
    private readonly FlushList flushes = new();
    private readonly AuthorizationDecide decide = new(programs, TimeSpan.FromMinutes(10));

    /// <summary>Opens an account with one active card, and money in it.</summary>
    public void Open(Ulid accountId, ushort cardOrdinal, long posted, CardOptions options = CardOptions.PartialApproval | CardOptions.Cash)
    {
        var account = new AccountAggregate(accountId, partition: 0);
        account.BeginAt(clock.GetUtcNow().ToUnixTimeMilliseconds());
        account.Open(program: 7, Currency.Eur.Numeric, creditLimit: 0);
        account.Post(Currency.Eur.Numeric, posted);
        for (var ordinal = 1; ordinal <= cardOrdinal; ordinal++)
            account.AddCard(new CardRecord { CardId = new Ulid((UInt128)ordinal), Status = CardStatus.Active, Expiry = 3112, Options = options });
        account.ClearChanges();
        accounts[accountId] = account;
    }

    /// <summary>A card as the ledger has it.</summary>
    public CardRecord CardOf(Ulid accountId, ushort ordinal) => accounts[accountId].Card(ordinal);

    public void Submit(LedgerOperation operation)
    {
        var account = accounts[operation.AccountId];
        account.BeginAt(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var result = decide.Decide(operation, account);
        while (result is DecideResult.NeedsHistory)
        {
            operation.HasHistory = true;
            result = decide.Decide(operation, account);
        }

        operation.Result = result;
        account.ClearChanges();
        operation.Complete(CommitOutcome.Committed, flushes);
        flushes.FlushAll();
    }
}
