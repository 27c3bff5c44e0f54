using BenchmarkDotNet.Attributes;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Bench;

/// <summary>A purchase and its full reversal decided against an account in memory: rules, limits, hold, event. No message, no Redis.</summary>
[MemoryDiagnoser]
public class DecideBenchmarks
{
    private readonly AuthorizationDecide decide = BenchProgram.Decider();
    private readonly BenchOperation purchase = new();
    private readonly BenchOperation reversal = new();
    private readonly AccountAggregate account = new(BenchProgram.AccountId(0), partition: 0);
    private int number;

    [GlobalSetup]
    public void Setup()
    {
        account.BeginAt(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        BenchProgram.Open(account, index: 0);
        account.ClearChanges();
        PurchaseAndReversal();
        if (purchase.Answer.Kind != AnswerKind.Approved || reversal.Answer.Kind != AnswerKind.Accepted)
            throw new InvalidOperationException("The benchmark is not approved.");
    }

    /// <summary>Both requests; the time is of one.</summary>
    [Benchmark(OperationsPerInvoke = 2)]
    public DecideResult PurchaseAndReversal()
    {
        number += 2;
        purchase.Become(0, account.Id, number, purchase: 0);
        decide.Decide(purchase, account);
        reversal.Become(0, account.Id, number + 1, purchase: number);
        var result = decide.Decide(reversal, account);

        // What is kept for repeats would grow the account without end.
        for (var slot = 0; slot < account.HoldSlots; slot++)
        {
            if (account.IsHoldLive(slot))
                account.Holds.Remove(slot);
        }

        account.ClearChanges();
        return result;
    }

    /// <summary>The key alone, which the figure above contains.</summary>
    [Benchmark]
    public UInt128 RequestKeyAlone() => RequestKey.Of(in purchase.Request);
}
