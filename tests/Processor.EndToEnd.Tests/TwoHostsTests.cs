using Dapper;
using Npgsql;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Two hosts at once on one Redis and one Postgres end where a plain model ends that replays their journal.</summary>
public sealed class TwoHostsTests : IAsyncLifetime
{
    private const int AccountCount = 200;
    private const int HotCount = 8;
    private const int StepCount = 20_000;

    private LocalRedis redis = null!;
    private LocalPostgres postgres = null!;
    private string connection = null!;

    public async Task InitializeAsync()
    {
        redis = await LocalRedis.StartOwnAsync();
        postgres = await LocalPostgres.StartAsync();
        connection = await postgres.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        await redis.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public Task Two_hosts_at_once_end_in_the_state_of_a_plain_model() => Seeds.RunAsync(20260104, async random =>
    {
        await using var pair = await LedgerPair.OpenAsync(redis.ConnectionString, connection, TimeSpan.FromMinutes(10));
        using var run = new RandomRun(pair, random, AccountCount, HotCount);
        await run.OpenAsync();
        await run.PlayAsync(StepCount);
        await DrainAsync(pair);

        var model = Enumerable.Range(0, AccountCount).Select(index => new PlainAccount(RandomRun.DayLimitOf(index))).ToArray();
        var replayed = await ReplayAsync(run, model);

        Assert.True(replayed > StepCount / 2, $"Only {replayed} steps left an event.");
        Assert.True(run.Repeats > 500, $"Only {run.Repeats} repeats were sent.");
        for (var index = 0; index < AccountCount; index++)
            await CompareAsync(pair, run, model[index], index);
        Assert.Empty(await new BooksCheck(pair.Database).RunAsync(CancellationToken.None));
    });

    [Fact]
    public async Task A_freeze_that_was_acknowledged_is_seen_by_the_other_host()
    {
        await using var pair = await LedgerPair.OpenAsync(redis.ConnectionString, connection, TimeSpan.FromMinutes(10));
        using var run = new RandomRun(pair, new Random(1), accounts: 1, hot: 1);
        await run.OpenAsync();
        for (var round = 0; round < 100; round++)
        {
            var status = round % 2 == 0 ? CardStatus.Frozen : CardStatus.Active;
            var command = new SetCardStatusCommand { AccountId = run.Accounts[0], CardId = RandomRun.CardOf(0), Status = status };
            Assert.Equal(CommitOutcome.Committed, await pair.Hosts[round / 2 % 2].RunAsync(command));

            var request = new RunOperation { AccountId = run.Accounts[0] };
            request.Request = new AuthorizationRequest
            {
                Class = MessageClass.Authorization,
                Kind = TransactionKind.Verification,
                Program = 1,
                Card = 1,
                Transaction = new Amount(0, Currency.Eur),
                Stan = (uint)round,
            };
            request.Key = RequestKey.Of(in request.Request);
            pair.Hosts[1 - (round / 2 % 2)].Submit(request);
            await request.Completion;

            Assert.Equal(status == CardStatus.Frozen ? DeclineReason.CardFrozen : DeclineReason.None, request.Answer.Reason);
        }
    }

    private static async Task DrainAsync(LedgerPair pair)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var partition = 0; partition < pair.Hosts[0].Journal.Partitions; partition++)
        {
            while ((await pair.Hosts[0].Journal.ReadAsync(partition, JournalId.Zero, 1, patience.Token)).Count > 0)
                await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Plays the journal, as Postgres has it, in the order in which it was committed.</summary>
    private async Task<int> ReplayAsync(RandomRun run, PlainAccount[] model)
    {
        await using var database = new NpgsqlConnection(connection);
        var index = run.Accounts.Select((id, number) => (id, number)).ToDictionary(pair => pair.id, pair => pair.number);
        var seen = new HashSet<UInt128>();
        foreach (var payload in await database.QueryAsync<byte[]>("select payload from journal order by partition, epoch, seq"))
        {
            var reader = new JournalReader(payload);
            while (reader.TryRead(out var section))
            {
                foreach (ref readonly var record in section.Events)
                {
                    if (!run.ByKey.TryGetValue(record.Key, out var step))
                        continue;
                    Assert.True(seen.Add(record.Key), $"Step {step.Number} has two events.");
                    var plain = model[index[section.AccountId]].Play(step, record.At, record.Key);
                    Assert.Equal((step, plain.Held, plain.Posted, plain.Reason), (step, record.HeldDelta, record.PostedDelta, record.Reason));
                    var isOurs = record.Class is MessageClass.Authorization or MessageClass.Financial && record.Reason == DeclineReason.None;
                    Assert.False(isOurs && record.AvailableAfter < 0, $"Step {step.Number} was approved below the floor.");
                }
            }

            Assert.False(reader.IsDamaged);
        }

        return seen.Count;
    }

    private static async Task CompareAsync(LedgerPair pair, RandomRun run, PlainAccount plain, int index)
    {
        var read = new ReadAccountCommand { AccountId = run.Accounts[index] };
        Assert.Equal(CommitOutcome.Committed, await pair.Hosts[index % 2].RunAsync(read));
        Assert.Equal((index, plain.Posted, plain.Held), (index, read.Balances[0].Posted, read.Balances[0].Held));
        Assert.Equal(plain.IsFrozen ? CardStatus.Frozen : CardStatus.Active, read.Cards[0].Status);
    }
}
