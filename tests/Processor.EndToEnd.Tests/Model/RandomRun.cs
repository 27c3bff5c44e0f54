using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>Sends the steps of a random run to two hosts, some of them again, and keeps what was asked and told.</summary>
/// <param name="pair">The hosts.</param>
/// <param name="random">The run's dice.</param>
/// <param name="accounts">How many.</param>
/// <param name="hot">The first of them, to which half of all goes.</param>
/// <param name="inFlightMax">Steps that are on their way at a time. The more, the larger are batches, and the fewer.</param>
internal sealed class RandomRun(LedgerPair pair, Random random, int accounts, int hot, int inFlightMax = 400) : IDisposable
{
    // How far back a step lies that is repeated late.
    private const int RepeatsBack = 20_000;

    private static readonly TimeSpan PatienceMin = TimeSpan.FromMilliseconds(20);

    private readonly StepMaker maker = new(random, accounts, hot);
    private readonly List<PlainTale> tales = [];
    private readonly Dictionary<UInt128, PlainTale> byKey = [];
    private readonly SemaphoreSlim room = new(inFlightMax);
    private readonly List<Task> sent = [];
    private readonly ConcurrentDictionary<long, (PlainStep Step, int Host)> asked = [];
    private long count;
    private int repeats;
    private int answered;
    private int unavailable;
    private int givenUp;

    internal IReadOnlyList<Ulid> Accounts { get; } = [.. Enumerable.Range(0, accounts).Select(_ => Ulid.Create(TimeProvider.System))];

    /// <summary>What became of each step, by its request key or operation id.</summary>
    internal IReadOnlyDictionary<UInt128, PlainTale> ByKey => byKey;

    internal IReadOnlyList<PlainTale> Tales => tales;

    /// <summary>How long a sender waits before it asks again what was not available; null when it leaves it at that.</summary>
    internal TimeSpan? Patience { get; init; }

    /// <summary>Told the account of each ask that the ledger has answered otherwise than that it is not available.</summary>
    internal Action<Ulid> Answering { get; set; } = _ => { };

    /// <summary>Of so many that hear that it was not available, one sender leaves it at that; 0 when none does.</summary>
    internal int GiveUpOneIn { get; init; }

    /// <summary>Steps that their senders gave up.</summary>
    internal int GivenUp => Volatile.Read(ref givenUp);

    /// <summary>Whether that is repeated late which only Redis remembers: declines, and changes of a card's status.</summary>
    internal bool RepeatsForgotten { get; init; } = true;

    /// <summary>Repeats that were answered.</summary>
    internal int Repeats => repeats;

    /// <summary>Steps that were answered.</summary>
    internal int Answered => Volatile.Read(ref answered);

    /// <summary>Times that the ledger said it was not available.</summary>
    internal int Unavailable => Volatile.Read(ref unavailable);

    /// <summary>What was asked and is not answered, oldest first, some of it: for a failure's message.</summary>
    internal string Describe() => string.Join(
        Environment.NewLine,
        asked.OrderBy(ask => ask.Key).Take(10).Select(ask => $"not answered: ask {ask.Key} of host {ask.Value.Host}, partition {pair.PartitionOf(Accounts[ask.Value.Step.Account])}, {ask.Value.Step}")
            .Prepend($"{asked.Count} asks are not answered"));

    internal static long? DayLimitOf(int account) => account % 2 == 0 ? 60_000 : null;

    internal static Ulid CardOf(int account) => new((UInt128)(ulong)(account + 1));

    public void Dispose() => room.Dispose();

    internal Task OpenAsync() => Task.WhenAll(Accounts.Select(async (id, index) =>
    {
        var ledger = pair.Hosts[index % 2];
        await ledger.RunAsync(new OpenAccountCommand { AccountId = id, Program = 1, Currency = Currency.Eur.Numeric });
        LimitRecord? limits = null;
        if (DayLimitOf(index) is { } limit)
            limits = LimitRecord.None(Currency.Eur.Numeric) with { All = LimitSet.None with { DayAmount = limit } };
        var card = new CardRecord { CardId = CardOf(index), Status = CardStatus.Active, Expiry = 9912 };
        await ledger.RunAsync(new AddCardCommand { AccountId = id, Card = card, Limits = limits });
    }));

    /// <summary>Sends so many steps more, and waits until they are answered.</summary>
    internal async Task PlayAsync(int steps)
    {
        for (var number = 0; number < steps; number++)
        {
            await room.WaitAsync();
            sent.Add(SendAsync(Begin(), random.Next(2), random.Next(24), random.Next(2)));
            if (random.Next(16) != 0)
                continue;
            await room.WaitAsync();
            sent.Add(RepeatLateAsync(tales[random.Next(Math.Max(0, tales.Count - RepeatsBack), tales.Count)], random.Next(2)));
        }

        await Task.WhenAll(sent);
        sent.Clear();
    }

    private PlainTale Begin()
    {
        var step = maker.Next();
        var tale = new PlainTale(step) { SentAt = Interlocked.Increment(ref count) };
        tales.Add(tale);
        lock (byKey)
            byKey[tale.IsMessage ? MessageOf(step, isRepeat: false).Key : IdOf(step)] = tale;
        return tale;
    }

    /// <summary>Sends a step. Of 24 that are alike one is sent twice at once, two are sent again when they are answered.</summary>
    private async Task SendAsync(PlainTale tale, int host, int die, int otherHost)
    {
        try
        {
            var twin = die == 0 ? AskAsync(tale, otherHost, isRepeat: false) : Task.CompletedTask;
            await AskAsync(tale, host, isRepeat: false);
            Interlocked.Increment(ref answered);
            await twin;
            if (die is 1 or 2)
                await AskAsync(tale, otherHost, isRepeat: die == 1);
        }
        finally
        {
            room.Release();
        }
    }

    private async Task RepeatLateAsync(PlainTale tale, int host)
    {
        try
        {
            if (RepeatsForgotten || (tale.Step.Verb is not (PlainVerb.Freeze or PlainVerb.Unfreeze) && tale.Told is [{ Kind: not AnswerKind.Declined }, ..]))
                await AskAsync(tale, host, isRepeat: true);
        }
        finally
        {
            room.Release();
        }
    }

    /// <summary>Asks until the ledger is available, and keeps the answer.</summary>
    private async Task AskAsync(PlainTale tale, int host, bool isRepeat)
    {
        // What a host that stops does not know is asked until it is known.
        var mayBeDone = false;
        while (true)
        {
            var askedAt = Interlocked.Increment(ref count);
            asked[askedAt] = (tale.Step, host);
            var (outcome, told) = tale.IsMessage ? await SubmitAsync(MessageOf(tale.Step, isRepeat), host) : await CommandAsync(tale.Step, host);
            asked.TryRemove(askedAt, out _);
            if (outcome == CommitOutcome.Committed)
            {
                Answering(Accounts[tale.Step.Account]);
                tale.Tell(told, askedAt, Interlocked.Increment(ref count));
                if (tale.Told.Count > 1)
                    Interlocked.Increment(ref repeats);
                return;
            }

            if (outcome is not (CommitOutcome.Unavailable or CommitOutcome.Unknown))
                throw new InvalidOperationException($"Step {tale.Step.Number} ended as {outcome}.");
            mayBeDone |= outcome == CommitOutcome.Unknown;
            var times = Interlocked.Increment(ref unavailable);
            if (!mayBeDone && (Patience is null || (GiveUpOneIn > 0 && times % GiveUpOneIn == 0)))
            {
                tale.IsUnavailable = true;
                Interlocked.Increment(ref givenUp);
                return;
            }

            await Task.Delay(Patience ?? PatienceMin);
        }
    }

    private async Task<(CommitOutcome Outcome, ToldAnswer Told)> SubmitAsync(RunOperation operation, int host)
    {
        var end = pair.EndOf(host);
        pair.Hosts[host].Submit(operation);
        return await IsHeardAsync(operation.Completion, end) ? (await operation.Completion, operation.Told) : (CommitOutcome.Unknown, default);
    }

    /// <summary>False when the host ends first, or meanwhile: its answer is lost on the way, and the sender asks again.</summary>
    private static async Task<bool> IsHeardAsync(Task answer, Task end)
    {
        await Task.WhenAny(answer, end);
        return !end.IsCompleted;
    }

    private async Task<(CommitOutcome Outcome, ToldAnswer Told)> CommandAsync(PlainStep step, int host)
    {
        AccountCommand command = step.Verb switch
        {
            PlainVerb.TopUp or PlainVerb.Withdraw => new TransferCommand
            {
                Kind = step.Verb == PlainVerb.TopUp ? TransactionKind.TopUp : TransactionKind.Withdraw,
                Amount = new Amount(step.Amount, Currency.Eur),
                AccountId = Accounts[step.Account],
                Key = IdOf(step),
            },
            _ => new SetCardStatusCommand
            {
                CardId = CardOf(step.Account),
                Status = step.Verb == PlainVerb.Freeze ? CardStatus.Frozen : CardStatus.Active,
                AccountId = Accounts[step.Account],
                Key = IdOf(step),
            },
        };
        var end = pair.EndOf(host);
        var running = pair.Hosts[host].RunAsync(command);
        return await IsHeardAsync(running, end) ? (await running, new ToldAnswer { Said = command.Said }) : (CommitOutcome.Unknown, default);
    }

    private UInt128 IdOf(PlainStep step) => RequestKey.OfOperation(Accounts[step.Account], step.Number.ToString(CultureInfo.InvariantCulture), "run");

    private RunOperation MessageOf(PlainStep step, bool isRepeat)
    {
        var (@class, mti) = step.Verb switch
        {
            PlainVerb.Hold or PlainVerb.Inquiry => (MessageClass.Authorization, 100),
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
            Kind = step.Verb == PlainVerb.Inquiry ? TransactionKind.BalanceInquiry : TransactionKind.Purchase,
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
            operation.Request.OriginalClass = step.OfVerb switch
            {
                PlainVerb.Hold => MessageClass.Authorization,
                PlainVerb.Post => MessageClass.Financial,
                _ => MessageClass.AuthorizationAdvice,
            };
        }

        Encoding.ASCII.GetBytes(step.Number.ToString("D12", CultureInfo.InvariantCulture), operation.Request.RetrievalReference);
        operation.Key = RequestKey.Of(in operation.Request);
        return operation;
    }
}
