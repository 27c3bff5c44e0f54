using BenchmarkDotNet.Attributes;
using Processor.Authorization;
using Processor.Ledger;

namespace Processor.Bench;

/// <summary>Packing a batch of 128 purchases on 128 accounts into one script call; the time is of one purchase.</summary>
[MemoryDiagnoser]
public class PackBenchmarks
{
    private const int BatchSize = 128;

    private readonly AccountAggregate[] accounts = new AccountAggregate[BatchSize];
    private readonly CommitCall call = new(RedisNames.Meta(0), RedisNames.Journal(0), "w1");

    [GlobalSetup]
    public void Setup()
    {
        var decide = BenchProgram.Decider();
        var operation = new BenchOperation();
        for (var index = 0; index < BatchSize; index++)
        {
            var account = accounts[index] = new AccountAggregate(BenchProgram.AccountId(index), partition: 0);
            account.BeginAt(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            BenchProgram.Open(account, index);
            account.ClearChanges();
            operation.Become(index, account.Id, index + 1, purchase: 0);
            if (decide.Decide(operation, account) != DecideResult.Changed)
                throw new InvalidOperationException("The benchmark is not approved.");
        }
    }

    /// <summary>What changed stays marked, so each run packs the same.</summary>
    [Benchmark(OperationsPerInvoke = BatchSize)]
    public int Pack()
    {
        call.Begin(BatchSize);
        foreach (var account in accounts)
            call.Add(account, newVersion: 1, wantsEveryField: false);
        call.End(epoch: 1, number: 1, known: 0, entriesMax: 1);
        return call.Written.Length;
    }
}
