using System.Globalization;
using System.Text;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>Makes and sends the steps of a random run, and keeps what was asked and told.</summary>
internal sealed class RandomRun(LedgerPair pair, Random random, int accounts, int hot) : IDisposable
{
    // Steps that are on their way at a time.
    private const int InFlightMax = 400;

    private readonly List<PlainStep> steps = [];
    private readonly Dictionary<UInt128, PlainStep> byKey = [];
    private readonly SemaphoreSlim room = new(InFlightMax);
    private readonly List<Task> sent = [];

    internal IReadOnlyList<Ulid> Accounts { get; } = [.. Enumerable.Range(0, accounts).Select(_ => Ulid.Create(TimeProvider.System))];

    internal IReadOnlyDictionary<UInt128, PlainStep> ByKey => byKey;

    internal static long? DayLimitOf(int account) => account % 2 == 0 ? 60_000 : null;

    internal int Repeats { get; private set; }

    public void Dispose() => room.Dispose();

    internal async Task OpenAsync()
    {
        await Task.WhenAll(Accounts.Select(async (id, index) =>
        {
            var ledger = pair.Hosts[index % 2];
            await ledger.RunAsync(new OpenAccountCommand { AccountId = id, Program = 1, Currency = Currency.Eur.Numeric });
            LimitRecord? limits = null;
            if (DayLimitOf(index) is { } limit)
                limits = LimitRecord.None(Currency.Eur.Numeric) with { All = LimitSet.None with { DayAmount = limit } };
            var card = new CardRecord { CardId = CardOf(index), Status = CardStatus.Active, Expiry = 9912 };
            await ledger.RunAsync(new AddCardCommand { AccountId = id, Card = card, Limits = limits });
        }));
    }

    internal async Task PlayAsync(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            var step = Make(number);
            steps.Add(step);
            await room.WaitAsync();
            sent.Add(SendAsync(step, random.Next(2), random.Next(8) == 0, random.Next(2)));
        }

        await Task.WhenAll(sent);
    }

    private PlainStep Make(int number)
    {
        var account = random.Next(2) == 0 ? random.Next(hot) : random.Next(accounts);
        var verb = random.Next(100) switch
        {
            < 35 => PlainVerb.Hold,
            < 45 => PlainVerb.Post,
            < 52 => PlainVerb.Advice,
            < 60 => PlainVerb.Completion,
            < 78 => PlainVerb.Reversal,
            < 92 => PlainVerb.TopUp,
            < 96 => PlainVerb.Withdraw,
            < 98 => PlainVerb.Freeze,
            _ => PlainVerb.Unfreeze,
        };
        var of = 0;
        if (verb is PlainVerb.Advice or PlainVerb.Completion or PlainVerb.Reversal)
            of = Original(account);
        var remaining = verb == PlainVerb.Reversal && random.Next(3) == 0 ? random.Next(1, 300) : -1;
        return new PlainStep(number, account, verb, random.Next(1, 500), of, remaining);
    }

    /// <summary>One of the account's latest messages that may be an original; sometimes one that is still under way.</summary>
    private int Original(int account)
    {
        for (var tries = 0; tries < 40; tries++)
        {
            var step = steps.Count == 0 ? null : steps[random.Next(Math.Max(0, steps.Count - 3_000), steps.Count)];
            if (step is not null && step.Account == account && step.Verb is PlainVerb.Hold or PlainVerb.Post or PlainVerb.Advice)
                return step!.Number;
        }

        return 0;
    }

    private async Task SendAsync(PlainStep step, int host, bool repeats, int repeatHost)
    {
        try
        {
            if (step.Verb is PlainVerb.TopUp or PlainVerb.Withdraw or PlainVerb.Freeze or PlainVerb.Unfreeze)
            {
                await CommandAsync(step, host);
                return;
            }

            var first = Message(step, isRepeat: false);
            await SubmitAsync(first, host);
            if (!repeats || (first.Answer.Kind == AnswerKind.Declined && step.Account < hot))
                return;
            var again = Message(step, isRepeat: true);
            await SubmitAsync(again, repeatHost);
            Repeats++;
            if (again.Told != first.Told)
                throw new InvalidOperationException($"Step {step.Number} was told '{first.Told}' and its repeat '{again.Told}'.");
        }
        finally
        {
            room.Release();
        }
    }

    private async Task SubmitAsync(RunOperation operation, int host)
    {
        pair.Hosts[host].Submit(operation);
        var outcome = await operation.Completion;
        if (outcome != CommitOutcome.Committed)
            throw new InvalidOperationException($"STAN {operation.Request.Stan} ended as {outcome}.");
    }

    private RunOperation Message(PlainStep step, bool isRepeat)
    {
        var (@class, mti) = step.Verb switch
        {
            PlainVerb.Hold => (MessageClass.Authorization, 100),
            PlainVerb.Post => (MessageClass.Financial, 200),
            PlainVerb.Advice => (MessageClass.AuthorizationAdvice, 120),
            PlainVerb.Completion => (MessageClass.FinancialAdvice, 220),
            _ => (MessageClass.ReversalAdvice, 420),
        };
        var operation = new RunOperation { AccountId = Accounts[step.Account] };
        operation.Request = new AuthorizationRequest
        {
            Class = @class,
            Mti = (ushort)(mti + (isRepeat ? 1 : 0)),
            IsRepeat = isRepeat,
            Network = 1,
            Mode = EndpointMode.Dual,
            Kind = TransactionKind.Purchase,
            Program = 1,
            Pan = new PanHash((UInt128)(ulong)step.Account),
            Card = 1,
            Transaction = new Amount(step.Amount, Currency.Eur),
            Stan = (uint)step.Number,
            Transmission = 101000000,
            HasReplacement = step.Remaining >= 0,
            Replacement = Math.Max(0, step.Remaining),
        };
        if (step.Of != 0)
        {
            operation.Request.OriginalStan = (uint)step.Of;
            operation.Request.OriginalTransmission = 101000000;
            operation.Request.OriginalClass = steps[step.Of - 1].Verb switch
            {
                PlainVerb.Hold => MessageClass.Authorization,
                PlainVerb.Post => MessageClass.Financial,
                _ => MessageClass.AuthorizationAdvice,
            };
        }

        Encoding.ASCII.GetBytes(step.Number.ToString("D12", CultureInfo.InvariantCulture), operation.Request.RetrievalReference);
        operation.Key = RequestKey.Of(in operation.Request);
        Know(operation.Key, step);
        return operation;
    }

    private async Task CommandAsync(PlainStep step, int host)
    {
        var key = RequestKey.OfOperation(Accounts[step.Account], step.Number.ToString(CultureInfo.InvariantCulture), "run");
        Know(key, step);
        AccountCommand command = step.Verb switch
        {
            PlainVerb.TopUp or PlainVerb.Withdraw => new TransferCommand
            {
                Kind = step.Verb == PlainVerb.TopUp ? TransactionKind.TopUp : TransactionKind.Withdraw,
                Amount = new Amount(step.Amount, Currency.Eur),
                AccountId = Accounts[step.Account],
                Key = key,
            },
            _ => new SetCardStatusCommand
            {
                CardId = CardOf(step.Account),
                Status = step.Verb == PlainVerb.Freeze ? CardStatus.Frozen : CardStatus.Active,
                AccountId = Accounts[step.Account],
                Key = key,
            },
        };
        if (await pair.Hosts[host].RunAsync(command) != CommitOutcome.Committed)
            throw new InvalidOperationException($"Step {step.Number} was not carried out.");
    }

    private void Know(UInt128 key, PlainStep step)
    {
        lock (byKey)
            byKey[key] = step;
    }

    internal static Ulid CardOf(int account) => new((UInt128)(ulong)(account + 1));
}
