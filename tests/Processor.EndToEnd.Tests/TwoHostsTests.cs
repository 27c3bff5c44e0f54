using System.Globalization;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Two hosts at once on one Redis and one Postgres end where a plain model ends that replays their journal.</summary>
public sealed class TwoHostsTests(PostgresFixture postgres) : LedgerServers(postgres)
{
    private const int AccountCount = 200;
    private const int HotCount = 8;
    private const string StepsVariable = "PROCESSOR_MODEL_STEPS";
    private const int StepCount = 100_000;
    private const int InFlight = 1_600;

    [Fact]
    public Task Two_hosts_at_once_end_in_the_state_of_a_plain_model() => Seeds.RunAsync(20260104, async random =>
    {
        var steps = int.Parse(Environment.GetEnvironmentVariable(StepsVariable) is { Length: > 0 } text ? text : "0", CultureInfo.InvariantCulture);
        await using var pair = await LedgerPair.OpenAsync(Redis.ConnectionString, Database, TimeSpan.FromMinutes(10));
        using var run = new RandomRun(pair, random, AccountCount, HotCount, InFlight);
        await run.OpenAsync();
        await run.PlayAsync(steps > 0 ? steps : StepCount);

        await new ModelReplay(pair, run, Database).CheckAsync();
        Assert.True(run.Repeats > run.Answered / 10, $"Only {run.Repeats} repeats were sent.");
        Assert.Equal(0, run.Unavailable);
    });

    [Fact]
    public async Task Two_hosts_together_give_no_more_PIN_tries_than_one()
    {
        const int TriesMax = 3;
        await using var pair = await LedgerPair.OpenAsync(Redis.ConnectionString, Database, TimeSpan.FromMinutes(10));
        using var run = new RandomRun(pair, new Random(1), accounts: 1, hot: 1);
        await run.OpenAsync();

        var wrong = Enumerable.Range(1, 60).Select(stan => TypePinAsync(pair, run, stan, CheckResult.Mismatch)).ToList();
        var reasons = await Task.WhenAll(wrong);
        var right = await Task.WhenAll(TypePinAsync(pair, run, 61, CheckResult.Match), TypePinAsync(pair, run, 62, CheckResult.Match));

        Assert.Equal(TriesMax, reasons.Count(reason => reason == DeclineReason.PinInvalid));
        Assert.Equal(60 - TriesMax, reasons.Count(reason => reason == DeclineReason.PinTriesExceeded));
        Assert.All(right, reason => Assert.Equal(DeclineReason.PinTriesExceeded, reason));
    }

    [Fact]
    public Task A_chip_s_counter_raced_on_two_hosts_is_approved_once_and_once_more_after_65_once() => Seeds.RunAsync(20260105, async random =>
    {
        const int Rounds = 150;
        await using var pair = await LedgerPair.OpenAsync(Redis.ConnectionString, Database, TimeSpan.FromMinutes(10));
        var account = Ulid.Create(TimeProvider.System);
        await pair.Hosts[0].RunAsync(new OpenAccountCommand { AccountId = account, Program = 1, Currency = Currency.Eur.Numeric });
        var card = new CardRecord { CardId = new(1), Status = CardStatus.Active, Expiry = 9912, Options = CardOptions.DemandsPinWithoutContact };
        await pair.Hosts[0].RunAsync(new AddCardCommand { AccountId = account, Card = card });
        await pair.Hosts[0].RunAsync(new TransferCommand { AccountId = account, Key = 1, Kind = TransactionKind.TopUp, Amount = new Amount(Rounds, Currency.Eur) });
        var winners = new int[2];
        var stan = 0;
        for (ushort counter = 1; counter <= Rounds; counter++)
        {
            // A network that sends one transaction twice; or two chips that say to be one, each with a cryptogram of its own.
            var isSame = random.Next(2) == 0;
            var isAskedForMore = isSame && random.Next(2) == 0;
            if (isAskedForMore)
                Assert.Equal(DeclineReason.StrongAuthenticationRequired, await TapAsync(pair, account, random.Next(2), ++stan, counter, mark: 1, hasPin: false));
            var hosts = Enumerable.Range(0, 2 + random.Next(4)).Select(copy => (copy + counter) % 2).ToArray();
            random.Shuffle(hosts);
            var reasons = await Task.WhenAll(hosts.Select((host, copy) => TapAsync(pair, account, host, ++stan, counter, mark: isSame ? 1u : (uint)copy + 1, hasPin: true)));

            Assert.True(reasons.Count(reason => reason == DeclineReason.None) == 1, $"Counter {counter}: {string.Join(", ", reasons)}.");
            Assert.Equal(hosts.Length - 1, reasons.Count(reason => reason == DeclineReason.CounterRefused));
            winners[hosts[Array.IndexOf(reasons, DeclineReason.None)]]++;
        }

        // The race was one, and each round moved one cent.
        Assert.All(winners, wins => Assert.NotEqual(0, wins));
        Assert.Equal(DeclineReason.InsufficientFunds, await TapAsync(pair, account, host: 0, ++stan, Rounds + 1, mark: 1, hasPin: true));
    });

    private static async Task<DeclineReason> TapAsync(LedgerPair pair, Ulid account, int host, int stan, ushort counter, uint mark, bool hasPin)
    {
        var request = new RunOperation { AccountId = account };
        request.Request = new AuthorizationRequest
        {
            Class = MessageClass.Authorization,
            Kind = TransactionKind.Purchase,
            Program = 1,
            Card = 1,
            Entry = CardEntry.Contactless,
            Transaction = new Amount(1, Currency.Eur),
            Stan = (uint)stan,
            Credentials = new CredentialOutcome
            {
                Checks = default(CredentialChecks).With(CredentialKind.Cryptogram, CheckResult.Match).With(CredentialKind.Pin, hasPin ? CheckResult.Match : CheckResult.None),
                Counter = counter,
                Mark = ((ulong)mark << 32) + counter,
            },
        };
        request.Key = RequestKey.Of(in request.Request);
        pair.Hosts[host].Submit(request);
        Assert.Equal(CommitOutcome.Committed, await request.Completion);
        return request.Answer.Reason;
    }

    private static async Task<DeclineReason> TypePinAsync(LedgerPair pair, RandomRun run, int stan, CheckResult result)
    {
        var request = new RunOperation { AccountId = run.Accounts[0] };
        request.Request = new AuthorizationRequest
        {
            Class = MessageClass.Authorization,
            Kind = TransactionKind.Verification,
            Program = 1,
            Card = 1,
            Transaction = new Amount(0, Currency.Eur),
            Stan = (uint)stan,
            Credentials = new CredentialOutcome { Checks = default(CredentialChecks).With(CredentialKind.Pin, result) },
        };
        request.Key = RequestKey.Of(in request.Request);
        pair.Hosts[stan % 2].Submit(request);
        await request.Completion;
        return request.Answer.Reason;
    }

    [Theory]
    [InlineData(50, CardStatus.Frozen)]
    [InlineData(950_000, CardStatus.Active)]
    public async Task A_second_copy_of_what_was_approved_is_approved_by_a_host_that_knows_a_part_of_the_account(long amount, CardStatus status)
    {
        // More holds than a conflict hands back.
        const int Many = 150;
        await using var pair = await LedgerPair.OpenAsync(Redis.ConnectionString, Database, TimeSpan.FromMinutes(10));
        using var run = new RandomRun(pair, new Random(1), accounts: 2, hot: 1);
        await run.OpenAsync();
        // Of the two the one without a limit.
        var account = run.Accounts[1];
        var topUp = new TransferCommand { AccountId = account, Key = 1, Kind = TransactionKind.TopUp, Amount = new Amount(1_000_000, Currency.Eur) };
        Assert.Equal(CommitOutcome.Committed, await pair.Hosts[0].RunAsync(topUp));
        await HoldAsync(pair, account, host: 1, stan: 1, amount: 1);
        await Task.WhenAll(Enumerable.Range(2, Many).Select(stan => HoldAsync(pair, account, host: 0, stan, amount: 1)));
        var first = await HoldAsync(pair, account, host: 0, stan: 500, amount);

        // This host meets conflicts, and has the head and its own hold of each.
        await HoldAsync(pair, account, host: 1, stan: 501, amount: 1);
        await pair.Hosts[0].RunAsync(new SetCardStatusCommand { AccountId = account, CardId = RandomRun.CardOf(1), Status = status });
        await HoldAsync(pair, account, host: 1, stan: 502, amount: 1);
        var copy = await HoldAsync(pair, account, host: 1, stan: 500, amount);

        Assert.Equal(AnswerKind.Approved, first.Kind);
        Assert.Equal(first, copy);
    }

    private static async Task<ToldAnswer> HoldAsync(LedgerPair pair, Ulid account, int host, int stan, long amount)
    {
        var request = new RunOperation { AccountId = account };
        request.Request = new AuthorizationRequest
        {
            Class = MessageClass.Authorization,
            Kind = TransactionKind.Purchase,
            Program = 1,
            Card = 1,
            Transaction = new Amount(amount, Currency.Eur),
            Stan = (uint)stan,
        };
        request.Key = RequestKey.Of(in request.Request);
        pair.Hosts[host].Submit(request);
        Assert.Equal(CommitOutcome.Committed, await request.Completion);
        return request.Told;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_freeze_that_was_acknowledged_is_seen_by_the_other_host(int masters)
    {
        await using var place = await RedisPlace.StartAsync(masters);
        await using var pair = await LedgerPair.OpenAsync(place.ConnectionString, Database, TimeSpan.FromMinutes(10));
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
}
