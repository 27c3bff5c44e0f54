using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>One host's clock is a minute ahead and the other's a minute behind: limit windows and expiries agree, and never run backwards.</summary>
public sealed class WrongClockTests(PostgresFixture postgres) : LedgerServers(postgres)
{
    private const int AccountCount = 60;
    private const int HotCount = 6;
    private const int StepCount = 10_000;
    private const int Ahead = 0;
    private const int Behind = 1;
    private const long DayLimit = 100_00;

    private static readonly TimeSpan Error = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task Hosts_whose_clocks_differ_end_in_the_state_of_a_plain_model(int masters) => Seeds.RunAsync(20260701, async random =>
    {
        await using var place = await RedisPlace.StartAsync(masters);
        await using var pair = await OpenAsync(place.ConnectionString, new MovableClock(Error), new MovableClock(-Error));
        using var run = new RandomRun(pair, random, AccountCount, HotCount);
        await run.OpenAsync();
        await run.PlayAsync(StepCount / masters);

        // The replay holds decision time to never running backwards.
        await new ModelReplay(pair, run, Database).CheckAsync();
        Assert.Equal(0, run.Unavailable);
    });

    [Fact]
    public async Task A_day_that_has_begun_on_one_host_has_begun_on_the_other()
    {
        // Half a minute before midnight in truth: tomorrow on the one that is ahead, today on the one that is behind.
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var toMidnight = now.Date.AddDays(1) - now - TimeSpan.FromSeconds(30);
        await using var pair = await OpenAsync(new MovableClock(toMidnight + Error), new MovableClock(toMidnight - Error));
        var account = await OpenAccountAsync(pair);

        Assert.Equal(DeclineReason.None, await PurchaseAsync(pair, Behind, account, 1, DayLimit));
        Assert.Equal(DeclineReason.AmountLimit, await PurchaseAsync(pair, Behind, account, 2, 1));
        Assert.Equal(DeclineReason.None, await PurchaseAsync(pair, Ahead, account, 3, DayLimit));
        Assert.Equal(DeclineReason.AmountLimit, await PurchaseAsync(pair, Behind, account, 4, 1));
        Assert.Equal(DeclineReason.AmountLimit, await PurchaseAsync(pair, Ahead, account, 5, 1));
    }

    [Fact]
    public async Task A_hold_that_has_expired_on_one_host_has_expired_on_the_other()
    {
        // The program holds for days: first both hosts live before a hold's expiry, then it lies between them.
        var (ahead, behind) = (new MovableClock(Error), new MovableClock(-Error));
        await using var pair = await OpenAsync(ahead, behind);
        var account = await OpenAccountAsync(pair);
        Assert.Equal(DeclineReason.None, await PurchaseAsync(pair, Ahead, account, 1, DayLimit));
        var read = await ReadAsync(pair, Behind, account);
        Assert.Equal(DayLimit, read.Balances[0].Held);
        var expiry = new ProgramProfile { Number = 1, Id = new Ulid(1), Name = "Run", TimeZone = "UTC", BinRanges = [] }.HoldPeriod;

        ahead.Move(expiry);
        behind.Move(expiry - Error);
        Assert.Equal(DayLimit, (await ReadAsync(pair, Behind, account)).Balances[0].Held);
        Assert.Equal(0, (await ReadAsync(pair, Ahead, account)).Balances[0].Held);
        Assert.Equal(DeclineReason.None, await PurchaseAsync(pair, Ahead, account, 2, 1));
        Assert.Equal(1, (await ReadAsync(pair, Behind, account)).Balances[0].Held);
        Assert.Equal(DeclineReason.None, await PurchaseAsync(pair, Behind, account, 3, 1));
        Assert.Equal(2, (await ReadAsync(pair, Ahead, account)).Balances[0].Held);
    }

    private Task<LedgerPair> OpenAsync(TimeProvider ahead, TimeProvider behind) => OpenAsync(Redis.ConnectionString, ahead, behind);

    private Task<LedgerPair> OpenAsync(string place, TimeProvider ahead, TimeProvider behind) =>
        LedgerPair.OpenAsync(new PairSettings { Redis = [place], Postgres = Database, Clocks = [ahead, behind] });

    private static async Task<Ulid> OpenAccountAsync(LedgerPair pair)
    {
        var account = Ulid.Create(TimeProvider.System);
        await pair.Hosts[Behind].RunAsync(new OpenAccountCommand { AccountId = account, Program = 1, Currency = Currency.Eur.Numeric });
        var limits = LimitRecord.None(Currency.Eur.Numeric) with { All = LimitSet.None with { DayAmount = DayLimit } };
        await pair.Hosts[Behind].RunAsync(new AddCardCommand { AccountId = account, Card = new CardRecord { CardId = RandomRun.CardOf(0), Status = CardStatus.Active, Expiry = 9912 }, Limits = limits });
        await pair.Hosts[Behind].RunAsync(new TransferCommand { AccountId = account, Kind = TransactionKind.TopUp, Amount = new Amount(10 * DayLimit, Currency.Eur), Key = 1 });
        return account;
    }

    private static async Task<ReadAccountCommand> ReadAsync(LedgerPair pair, int host, Ulid account)
    {
        var read = new ReadAccountCommand { AccountId = account };
        Assert.Equal(CommitOutcome.Committed, await pair.Hosts[host].RunAsync(read));
        return read;
    }

    private static async Task<DeclineReason> PurchaseAsync(LedgerPair pair, int host, Ulid account, uint stan, long amount)
    {
        var operation = new RunOperation { AccountId = account };
        operation.Request = new AuthorizationRequest
        {
            Class = MessageClass.Authorization,
            Mti = 100,
            Kind = TransactionKind.Purchase,
            Program = 1,
            Card = 1,
            Transaction = new Amount(amount, Currency.Eur),
            Stan = stan,
        };
        operation.Key = RequestKey.Of(in operation.Request);
        pair.Hosts[host].Submit(operation);
        Assert.Equal(CommitOutcome.Committed, await operation.Completion);
        return operation.Answer.Reason;
    }
}
