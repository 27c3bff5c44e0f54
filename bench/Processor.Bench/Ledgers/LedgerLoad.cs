using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Bench;

/// <summary>The ledger of this process under a load of so many operations outstanding: purchases and their reversals.</summary>
internal sealed class LedgerLoad : IAsyncDisposable
{
    private readonly Ledger<AuthorizationDecide> ledger;
    private readonly Channel<BenchOperation> completed = Channel.CreateUnbounded<BenchOperation>(new UnboundedChannelOptions { SingleReader = true });
    private readonly int[] purchases;
    private readonly Ulid[] accountIds;
    private long failures;
    private int number;

    private LedgerLoad(Ledger<AuthorizationDecide> ledger, int accounts)
    {
        this.ledger = ledger;
        purchases = new int[accounts];
        accountIds = [.. Enumerable.Range(0, accounts).Select(BenchProgram.AccountId)];
    }

    /// <summary>Opens a ledger on an empty Redis, and its accounts.</summary>
    public static async Task<LedgerLoad> OpenAsync(string redis, int partitions, int lanes, int accounts, TimeProvider clock)
    {
        var registry = new MemoryRegistry();
        var settings = new LedgerSettings { Redis = redis, Partitions = partitions, Lanes = lanes, JournalEntriesMax = 100_000_000 };
        var ledger = await Ledger<AuthorizationDecide>.OpenAsync(
            settings, registry, registry, recovery: null, BenchProgram.Decider(), clock, NullLoggerFactory.Instance, CancellationToken.None);
        var load = new LedgerLoad(ledger, accounts);
        await load.FillAsync(id => new OpenAccountCommand { AccountId = id, Program = BenchProgram.Number, Currency = Currency.Eur.Numeric });
        var index = 0;
        await load.FillAsync(id =>
        {
            var (card, limits) = BenchProgram.CardOf(index++);
            return new AddCardCommand { AccountId = id, Card = card, Limits = limits };
        });
        await load.FillAsync(id => new TransferCommand
        {
            AccountId = id,
            Key = id.Value,
            Kind = TransactionKind.TopUp,
            Amount = new Amount(BenchProgram.Balance, Currency.Eur),
        });
        return load;
    }

    /// <summary>Runs for a time.</summary>
    /// <param name="outstanding">Operations that are always submitted and not completed; at most the number of accounts.</param>
    /// <param name="duration">How long.</param>
    public async Task<LedgerLoadResult> RunAsync(int outstanding, TimeSpan duration)
    {
        using var batches = new BatchSizes();
        using var self = Process.GetCurrentProcess();
        var cpu = self.TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var started = Stopwatch.GetTimestamp();
        var operations = new BenchOperation[outstanding];
        for (var index = 0; index < outstanding; index++)
        {
            operations[index] = new BenchOperation(Completed) { AccountIndex = index };
            Submit(operations[index]);
        }

        var count = 0L;
        var latencies = new List<double>();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var operation = await completed.Reader.ReadAsync();
            do
            {
                if ((++count & 15) == 0)
                    latencies.Add(Stopwatch.GetElapsedTime(operation.SubmittedAt).TotalMicroseconds);
                operation.AccountIndex += outstanding;
                if (operation.AccountIndex >= accountIds.Length)
                    operation.AccountIndex %= outstanding;
                Submit(operation);
            }
            while (completed.Reader.TryRead(out operation!));
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        self.Refresh();
        cpu = self.TotalProcessorTime - cpu;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        for (var index = 0; index < outstanding; index++)
            await completed.Reader.ReadAsync();
        if (failures > 0)
            throw new InvalidOperationException($"{failures} operations were not committed.");
        return new LedgerLoadResult(count, count / seconds, cpu.TotalMicroseconds / count, (double)allocated / count, batches.Mean, new Percentiles(latencies));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ledger.DisposeAsync();

    private void Submit(BenchOperation operation)
    {
        var account = operation.AccountIndex;
        operation.Become(account, accountIds[account], ++number, purchases[account]);
        purchases[account] = operation.IsPurchase ? number : 0;
        operation.SubmittedAt = Stopwatch.GetTimestamp();
        ledger.Submit(operation);
    }

    private void Completed(BenchOperation operation, CommitOutcome outcome)
    {
        if (outcome != CommitOutcome.Committed || operation.Answer.Kind is not (AnswerKind.Approved or AnswerKind.Accepted))
            Interlocked.Increment(ref failures);
        completed.Writer.TryWrite(operation);
    }

    private async Task FillAsync(Func<Ulid, AccountCommand> make)
    {
        const int AtOnce = 1_000;
        foreach (var portion in accountIds.Chunk(AtOnce))
        {
            var commands = portion.Select(make).ToList();
            foreach (var command in commands)
                ledger.Submit(command);
            foreach (var command in commands)
            {
                if (await command.Completion != CommitOutcome.Committed)
                    throw new InvalidOperationException("An account could not be opened.");
            }
        }
    }

    /// <summary>Listens to how large the ledger's batches are.</summary>
    private sealed class BatchSizes : IDisposable
    {
        private readonly MeterListener listener = new();
        private long sum;
        private long count;

        public BatchSizes()
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "processor_ledger_batch_size")
                    self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<int>((_, size, _, _) =>
            {
                Interlocked.Add(ref sum, size);
                Interlocked.Increment(ref count);
            });
            listener.Start();
        }

        public double Mean => (double)sum / Math.Max(count, 1);

        public void Dispose() => listener.Dispose();
    }
}
