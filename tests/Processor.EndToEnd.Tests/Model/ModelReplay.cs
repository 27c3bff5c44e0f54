using Dapper;
using Npgsql;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Plays the journal of a run, as Postgres has it, into plain accounts, and holds every step to what its sender was told.</summary>
internal sealed class ModelReplay(LedgerPair pair, RandomRun run, string postgres)
{
    // A card remembers so many declines; a request that is declined and sent again after more of them is a new one.
    private const int DeclinesKept = 8;

    private readonly PlainAccount[] model = [.. run.Accounts.Select((_, index) => new PlainAccount(RandomRun.DayLimitOf(index)))];
    private readonly Dictionary<UInt128, int> declinesAt = [];
    private readonly HashSet<UInt128> seen = [];
    private readonly HashSet<UInt128> decidedAgain = [];
    private readonly int[] declines = new int[run.Accounts.Count];
    private readonly long[] latestSent = new long[run.Accounts.Count];
    private readonly long[] latestAt = new long[run.Accounts.Count];

    /// <summary>Waits until all is recorded; then model, senders, Redis and Postgres must agree.</summary>
    internal async Task CheckAsync()
    {
        await pair.DrainAsync();
        await ReplayAsync();
        foreach (var (key, tale) in run.ByKey)
            CheckTale(key, tale);
        for (var index = 0; index < model.Length; index++)
            await CompareAsync(index);
        Assert.Empty(await pair.CompareAsync());
    }

    private async Task ReplayAsync()
    {
        await using var database = new NpgsqlConnection(postgres + ";Pooling=false");
        var index = run.Accounts.Select((id, number) => (id, number)).ToDictionary(pair => pair.id, pair => pair.number);
        foreach (var payload in await database.QueryAsync<byte[]>("select payload from journal order by partition, epoch, seq"))
            Play(payload, index);
    }

    private void Play(byte[] payload, Dictionary<Ulid, int> index)
    {
        var reader = new JournalReader(payload);
        while (reader.TryRead(out var section))
        {
            foreach (ref readonly var record in section.Events)
            {
                if (run.ByKey.TryGetValue(record.Key, out var tale))
                    Play(in record, tale, index[section.AccountId]);
            }
        }

        Assert.False(reader.IsDamaged);
    }

    private void Play(in EventRecord record, PlainTale tale, int account)
    {
        var step = tale.Step;
        CheckOnce(in record, step);
        CheckOrder(in record, tale, account);
        var plain = model[account];

        // A tombstone is kept for the window at least. When it goes after that is the ledger's business, and Postgres answers for none.
        if (record.Reason != DeclineReason.InvalidTransaction)
            plain.Unbury(step, record.At - (long)pair.RepeatWindow.TotalMilliseconds);
        var (held, posted, reason) = plain.Play(step, record.At, record.Key);
        Assert.Equal((step, held, posted, reason), (step, record.HeldDelta, record.PostedDelta, record.Reason));
        if (record.BillingCurrency != 0)
            Assert.Equal((step, plain.Held, plain.Posted), (step, record.HeldAfter, record.PostedAfter));
        var isOurs = record.Class is MessageClass.Authorization or MessageClass.Financial && record.Reason == DeclineReason.None && step.Amount > 0;
        Assert.False(isOurs && record.AvailableAfter < 0, $"Step {step.Number} was approved below the floor.");
        if (record.Reason == DeclineReason.None && tale.IsMessage && tale.Told.Count > 0)
            CheckTold(in record, step, tale.Told.FirstOrDefault(told => told.Kind != AnswerKind.Declined));
    }

    /// <summary>A step is carried out once. Only a decline that its card has forgotten may be decided again.</summary>
    private void CheckOnce(in EventRecord record, PlainStep step)
    {
        Assert.True(seen.Add(record.Key) || declinesAt.ContainsKey(record.Key), $"{step} has two events.");
        if (declinesAt.Remove(record.Key, out var before))
        {
            Assert.True(declines[step.Account] - before >= DeclinesKept, $"Step {step.Number} was declined, and decided again after {declines[step.Account] - before} more.");
            decidedAgain.Add(record.Key);
        }

        if (record.Reason is not (DeclineReason.None or DeclineReason.InvalidTransaction))
            declinesAt[record.Key] = ++declines[step.Account];
    }

    /// <summary>What was answered before another step was sent is committed before it, and decision time never runs backwards.</summary>
    private void CheckOrder(in EventRecord record, PlainTale tale, int account)
    {
        Assert.True(record.At >= latestAt[account], $"Step {tale.Step.Number} was decided at {record.At}, after {latestAt[account]}.");
        latestAt[account] = record.At;
        var isTheFirst = tale.IsMessage ? !decidedAgain.Contains(record.Key) : tale.Told is [{ Said: CommandResult.Done }, ..];
        if (isTheFirst)
            Assert.True(tale.ToldAt > latestSent[account], $"Step {tale.Step.Number} was answered before a step was sent that is committed before it.");
        latestSent[account] = Math.Max(latestSent[account], tale.SentAt);
    }

    private static void CheckTold(in EventRecord record, PlainStep step, ToldAnswer told)
    {
        if (step.Verb is PlainVerb.Inquiry)
            Assert.Equal((step, record.PostedAfter, record.AvailableAfter), (step, told.Ledger, told.Available));
        if (step.Verb is PlainVerb.Hold or PlainVerb.Post)
            Assert.Equal((step, record.TransactionAmount, System.Text.Encoding.ASCII.GetString(record.ApprovalCode)), (step, told.Amount, told.ApprovalCode));
    }

    /// <summary>Everybody who asked the same was told the same, and what was told is in the journal; what was not available is not.</summary>
    private void CheckTale(UInt128 key, PlainTale tale)
    {
        if (tale.IsUnavailable && tale.Told.Count == 0)
        {
            Assert.False(seen.Contains(key), $"Step {tale.Step.Number} was told to be unavailable, and was carried out.");
            return;
        }

        var first = tale.Told[0];
        if (tale.IsMessage)
        {
            Assert.True(seen.Contains(key), $"Step {tale.Step.Number} was answered, and is in no journal.");
            if (decidedAgain.Contains(key))
            {
                // Answers of two hosts arrive in any order: that the decline came first, the journal says.
                var approvals = tale.Told.Where(told => told.Kind != AnswerKind.Declined).ToList();
                Assert.All(approvals, other => Assert.Equal((tale.Step, approvals[0]), (tale.Step, other)));
            }
            else if (first.Kind != AnswerKind.Declined || !WasForgotten(key))
            {
                Assert.All(tale.Told, other => Assert.Equal((tale.Step, first), (tale.Step, other)));
            }
        }
        else if (first.Said is CommandResult.Done)
        {
            Assert.True(seen.Contains(key), $"Step {tale.Step.Number} was done, and is in no journal.");
            Assert.All(tale.ToldLater, other => Assert.Equal((tale.Step, CommandResult.DoneBefore), (tale.Step, other.Said)));
        }
    }

    // A decline after which its card declined so often that it does not know of it any more.
    private bool WasForgotten(UInt128 key)
    {
        var account = run.ByKey[key].Step.Account;
        return declinesAt.TryGetValue(key, out var at) && declines[account] - at >= DeclinesKept;
    }

    private async Task CompareAsync(int index)
    {
        var plain = model[index];
        var read = new ReadAccountCommand { AccountId = run.Accounts[index] };
        Assert.Equal(CommitOutcome.Committed, await pair.Hosts[index % 2].RunAsync(read));
        Assert.Equal((index, plain.Posted, plain.Held), (index, read.Balances[0].Posted, read.Balances[0].Held));
        Assert.Equal(plain.IsFrozen ? CardStatus.Frozen : CardStatus.Active, read.Cards[0].Status);
    }
}
