using BenchmarkDotNet.Attributes;
using Processor.Authorization;
using Processor.Ledger;

namespace Processor.Bench;

/// <summary>Packing a batch of 128 purchases on 128 accounts into the arguments of one script call; the time is of one purchase.</summary>
[MemoryDiagnoser]
public class PackBenchmarks
{
    private const int BatchSize = 128;

    private readonly AccountAggregate[] accounts = new AccountAggregate[BatchSize];
    private readonly CallBuffers headBuffers = new();
    private readonly CallBuffers sectionBuffers = new();
    private BatchBuffer heads = new();
    private BatchBuffer sections = new();

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
        heads.Clear();
        sections.Clear();
        var length = heads.Reserve(4);
        foreach (var account in accounts)
            JournalWriter.WriteAccount(ref heads, ref sections, account, newVersion: 1, wantsEveryField: false);
        heads.Patch(length, (uint)sections.Length);
        return headBuffers.Copy(heads.Written).Length + sectionBuffers.Copy(sections.Written).Length;
    }
}
