using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Bench;

/// <summary>
/// Batches of one partition decided and packed beforehand, as the ledger packs them. Each carries the versions that the one before
/// leaves, so every call really commits, and only in this order. Operations are purchases and, in the account's next turn, their reversals.
/// </summary>
internal sealed class PreparedBatches
{
    private const int Partition = 0;
    private const int Writer = 1;
    private const long JournalEntriesMax = 100_000_000;

    private readonly AuthorizationDecide decide = BenchProgram.Decider();
    private readonly IdSource ids = new(Writer, Partition);
    private readonly BenchOperation operation = new();
    private readonly AccountAggregate[] accounts;
    private readonly int[] purchases;
    private readonly TimeProvider clock;
    private int next;
    private int number;
    private long batchNumber;

    /// <param name="accounts">How many accounts there are.</param>
    /// <param name="clock">Decision times.</param>
    public PreparedBatches(int accounts, TimeProvider clock)
    {
        this.clock = clock;
        this.accounts = [.. Enumerable.Range(0, accounts).Select(index => new AccountAggregate(BenchProgram.AccountId(index), Partition))];
        purchases = new int[accounts];
        foreach (var account in this.accounts)
            account.UseIds(ids);
    }

    /// <summary>The key that holds the partition's epoch.</summary>
    public static string Meta => RedisNames.Meta(Partition);

    /// <summary>The epoch of every batch.</summary>
    public static long Epoch => 1;

    /// <summary>The writer of every batch, as the partition's metadata names it.</summary>
    public static string WriterField => "w1";

    /// <summary>The batches that open all accounts.</summary>
    public IEnumerable<Batch> Open()
    {
        const int AtOnce = 100;
        for (var start = 0; start < accounts.Length; start += AtOnce)
        {
            var count = Math.Min(AtOnce, accounts.Length - start);
            for (var index = start; index < start + count; index++)
            {
                accounts[index].BeginAt(Now());
                BenchProgram.Open(accounts[index], index);
            }

            yield return Pack(start, count);
        }
    }

    /// <summary>Further batches of so many operations, each on an account of its own.</summary>
    public List<Batch> Make(int batches, int size)
    {
        var made = new List<Batch>(batches);
        while (made.Count < batches)
        {
            if (next + size > accounts.Length)
                next = 0;
            for (var index = next; index < next + size; index++)
                DecideNext(index);
            made.Add(Pack(next, size));
            next += size;
        }

        return made;
    }

    private void DecideNext(int index)
    {
        var account = accounts[index];
        operation.Become(index, account.Id, ++number, purchases[index]);
        purchases[index] = operation.IsPurchase ? number : 0;
        account.BeginAt(Now());
        if (decide.Decide(operation, account) != DecideResult.Changed || operation.Answer.Kind is not (AnswerKind.Approved or AnswerKind.Accepted))
            throw new InvalidOperationException("A prepared operation was not approved.");
    }

    private Batch Pack(int start, int count)
    {
        var call = new CommitCall(Meta, RedisNames.Journal(Partition), WriterField);
        call.Begin(count);
        foreach (var account in accounts.AsSpan(start, count))
        {
            call.Add(account, ids.NextVersion(), wantsEveryField: false);
            account.ClearChanges();
        }

        call.End(Epoch, ++batchNumber, known: 0, JournalEntriesMax);
        return new Batch(call, batchNumber, count);
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>One script call.</summary>
    /// <param name="Call">As it goes to Redis, but for the script's name.</param>
    /// <param name="Number">Its number, which the answer names.</param>
    /// <param name="Count">Operations in it.</param>
    internal readonly record struct Batch(CommitCall Call, long Number, int Count)
    {
        /// <summary>Commits it. It is on its way to Redis when this returns.</summary>
        /// <exception cref="InvalidOperationException">It was not committed.</exception>
        internal async Task CommitAsync(RedisLink link, byte[] script)
        {
            Call.Use(script);
            var kind = CommitReply.Read(await link.CommitAsync(Call), WriterField, Number).Kind;
            if (kind != CommitReplyKind.Committed)
                throw new InvalidOperationException($"A prepared batch was not committed: {kind}.");
        }
    }
}
