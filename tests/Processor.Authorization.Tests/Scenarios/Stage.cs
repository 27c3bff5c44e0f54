using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NodaTime.Text;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization.Tests;

/// <summary>One account, one card and one program on which a scenario is played, all in memory.</summary>
internal sealed class Stage
{
    private const long Minute = 60_000;

    // Keys of the holds that are given: none that a step's message has.
    private const ulong HoldsFirst = 1_000_000_000;

    private static readonly Dictionary<string, CardStatus> Statuses = new()
    {
        ["active"] = CardStatus.Active,
        ["frozen"] = CardStatus.Frozen,
        ["pending"] = CardStatus.PendingActivation,
        ["lost"] = CardStatus.Lost,
        ["stolen"] = CardStatus.Stolen,
        ["closed"] = CardStatus.Closed,
    };

    private static readonly Dictionary<string, CardOptions> Options = new()
    {
        ["partial"] = CardOptions.PartialApproval,
        ["cash"] = CardOptions.Cash,
        ["demands-chip"] = CardOptions.DemandsCryptogram,
        ["demands-cvv2"] = CardOptions.DemandsVerificationValue,
        ["demands-pin-for-cash"] = CardOptions.DemandsPinForCash,
        ["demands-pin-without-contact"] = CardOptions.DemandsPinWithoutContact,
    };

    private static readonly TimeSpan RepeatWindow = TimeSpan.FromMinutes(10);

    private readonly Dictionary<uint, Question> asked = [];
    private readonly Dictionary<UInt128, byte[]> past = [];
    private readonly AuthorizationDecide decide;
    private readonly Ulid cardId = new(7);
    private UInt128 lastCommand = 1_000_000;
    private long now;

    internal Stage(IReadOnlyDictionary<string, string> given)
    {
        var programs = new ProgramDirectory();
        programs.Replace([new ProgramProfile { Number = 1, Id = new Ulid(1), Name = "Scenarios", TimeZone = given.GetValueOrDefault("zone", "Europe/Paris"), BinRanges = [], Credentials = Profile(given) }]);
        decide = new AuthorizationDecide(programs, RepeatWindow);
        now = InstantPattern.ExtendedIso.Parse(given.GetValueOrDefault("now", "2026-06-01T10:00:00Z")).Value.ToUnixTimeMilliseconds();
        Account = new AccountAggregate(new Ulid(99), 0);
        Account.BeginAt(now);
        Account.Open(1, Currency.Eur.Numeric, Number(given, "credit", 0));
        Account.Post(Currency.Eur.Numeric, Number(given, "balance", 0));
        var card = Account.AddCard(new CardRecord
        {
            CardId = cardId,
            Status = Statuses[given.GetValueOrDefault("status", "active")],
            Expiry = (ushort)Number(given, "expires", 3112),
            Options = OptionsOf(given),
        });
        SetLimits(card, given, "");
        SetLimits(0, given, "account-");
        for (var number = Number(given, "holds", 0); number > 0; number--)
            Account.AddHold(HoldsFirst + (ulong)number, new HoldRecord { State = HoldState.Open, ExpiresAt = long.MaxValue, Deadline = long.MaxValue, BillingCurrency = Currency.Eur.Numeric });
        Account.ClearChanges();
    }

    internal AccountAggregate Account { get; }

    internal AuthorizationDecide Decider => decide;

    /// <summary>Sum of the held changes that the latest step's events tell.</summary>
    internal long LastHeld { get; private set; }

    /// <summary>Sum of the posted changes that the latest step's events tell.</summary>
    internal long LastPosted { get; private set; }

    internal AuthorizationAnswer Answer { get; private set; }

    /// <summary>Plays one step and says what was answered, in the words of the table.</summary>
    internal string Play(IReadOnlyList<string> words) => words[0] switch
    {
        "wait" => Wait(words[1]),
        "let-go" => LetGo(),
        "freeze" => Run(new SetCardStatusCommand { CardId = cardId, Status = CardStatus.Frozen }),
        "unfreeze" => Run(new SetCardStatusCommand { CardId = cardId, Status = CardStatus.Active }),
        "close" => Run(new SetCardStatusCommand { CardId = cardId, Status = CardStatus.Closed }),
        "pause" => Run(new SetAccountStatusCommand { Status = AccountStatus.Paused }),
        "resume" => Run(new SetAccountStatusCommand { Status = AccountStatus.Open }),
        "topup" => Run(new TransferCommand { Kind = TransactionKind.TopUp, Amount = Euros(words[1]) }),
        "withdraw" => Run(new TransferCommand { Kind = TransactionKind.Withdraw, Amount = Euros(words[1]) }),
        "reset-pin" => Run(new ResetPinTriesCommand { CardId = cardId }),
        "late" => Run(new LateReleaseCommand { RequestKey = asked[uint.Parse(words[1], CultureInfo.InvariantCulture)].Key }),
        _ => Ask(words),
    };

    internal DecideResult Decide(LedgerOperation operation)
    {
        Account.BeginAt(now);
        var result = decide.Decide(operation, Account);
        if (result == DecideResult.NeedsHistory)
        {
            operation.HasHistory = true;
            Remember(operation);
            result = decide.Decide(operation, Account);
        }

        if (result is not (DecideResult.Changed or DecideResult.Unchanged))
            throw new InvalidOperationException($"{result} although all is in memory.");
        Check();
        Account.ClearChanges();
        return result;
    }

    /// <summary>What must hold after every decision whatsoever.</summary>
    private void Check()
    {
        var balance = Account.Balance(0);
        var held = 0L;
        var open = 0;
        for (var slot = 0; slot < Account.HoldSlots; slot++)
        {
            if (!Account.IsHoldLive(slot))
                continue;
            held += Account.Hold(slot).Held;
            open += Account.Hold(slot).IsHolding ? 1 : 0;
        }

        if (held != balance.Held || open != Account.Account.OpenHolds)
            throw new InvalidOperationException($"The balance holds {balance.Held} and the {open} holds {held}.");
        (LastHeld, LastPosted) = (0, 0);
        foreach (var record in Account.Events)
        {
            LastHeld += record.HeldDelta;
            LastPosted += record.PostedDelta;
            if (record.BillingCurrency == balance.Currency && record.At != Account.Now)
                throw new InvalidOperationException("An event has another time than its decision.");
        }
    }

    private string Ask(IReadOnlyList<string> words)
    {
        var options = Scenario.Words(string.Join(' ', words.Skip(3)));
        var question = new Question { IsLate = options.ContainsKey("abandoned") };
        question.Request = Requests.Make(words[0], words[1], long.Parse(words[2], CultureInfo.InvariantCulture), options);
        if (options.GetValueOrDefault("code") == "first")
            question.Request.ApprovalCode = asked.Values.First().Answer.ApprovalCode;
        question.Key = RequestKey.Of(in question.Request);
        asked.TryAdd(question.Request.Stan, question);
        Decide(question);
        Answer = question.Answer;
        var text = Answer.Kind switch
        {
            AnswerKind.Partial => $"partial {Answer.ApprovedBilling}",
            AnswerKind.Declined => $"declined {Answer.Reason}",
            AnswerKind.UnknownOriginal => "unknown",
            var kind => kind.ToString().ToLowerInvariant(),
        };
        return Answer.IsFirstAnswerAgain ? text + " again" : text;
    }

    private string Run(AccountCommand command)
    {
        if (command is not LateReleaseCommand)
            command.Key = ++lastCommand;
        Decide(command);
        return command.Said switch
        {
            CommandResult.Done => "done",
            CommandResult.DoneBefore => "before",
            CommandResult.InvalidState => "invalid",
            CommandResult.InsufficientFunds => "refused",
            var said => said.ToString(),
        };
    }

    private string Wait(string time)
    {
        var number = long.Parse(time[..^1], CultureInfo.InvariantCulture);
        now += number * (time[^1] switch { 'm' => Minute, 'h' => 60 * Minute, _ => 1440 * Minute });
        return string.Empty;
    }

    /// <summary>What was resolved long enough ago leaves memory, as it leaves Redis; history has it.</summary>
    private string LetGo()
    {
        Account.BeginAt(now);
        Span<byte> image = stackalloc byte[512];
        for (var slot = 0; slot < Account.HoldSlots; slot++)
        {
            if (Account.IsHoldLive(slot))
                past[Account.HoldKey(slot)] = image[..Account.WriteHold(slot, image)].ToArray();
        }

        Account.Prune((long)RepeatWindow.TotalMilliseconds, projectedThrough: long.MaxValue);
        Account.ClearChanges();
        return string.Empty;
    }

    private void Remember(LedgerOperation operation)
    {
        foreach (var (key, image) in past)
        {
            var hold = MemoryMarshal.Read<HoldRecord>(image);
            ref readonly var original = ref operation.Original;
            if (hold.Transaction == operation.OriginalTransaction || original.MatchesElements(in hold) || original.MatchesNetworkId(in hold) || original.MatchesReference(in hold))
                Account.LoadHold(key, image);
        }
    }

    private void SetLimits(ushort ordinal, IReadOnlyDictionary<string, string> given, string prefix)
    {
        var limits = new LimitRecord { Currency = Currency.Eur.Numeric, All = Set(given, prefix), Cash = Set(given, prefix + "cash-") };
        if (!limits.Equals(LimitRecord.None(Currency.Eur.Numeric)))
            Account.SetLimits(ordinal, in limits);
    }

    private static CredentialProfile Profile(IReadOnlyDictionary<string, string> given) => new()
    {
        PinTriesMax = (byte)Number(given, "tries", 3),
        CounterGapMax = (ushort)Number(given, "gap", 1000),
    };

    private static CardOptions OptionsOf(IReadOnlyDictionary<string, string> given)
    {
        var options = CardOptions.None;
        foreach (var (word, option) in Options)
            options |= given.ContainsKey(word) ? option : CardOptions.None;
        return options;
    }

    private static LimitSet Set(IReadOnlyDictionary<string, string> given, string prefix) => new()
    {
        TransactionAmount = Number(given, prefix + "tx", -1),
        DayAmount = Number(given, prefix + "day", -1),
        WeekAmount = Number(given, prefix + "week", -1),
        MonthAmount = Number(given, prefix + "month", -1),
        DayCount = (int)Number(given, prefix + "dayCount", -1),
        WeekCount = (int)Number(given, prefix + "weekCount", -1),
        MonthCount = (int)Number(given, prefix + "monthCount", -1),
    };

    private static Amount Euros(string text) => new(long.Parse(text, CultureInfo.InvariantCulture), Currency.Eur);

    private static long Number(IReadOnlyDictionary<string, string> words, string name, long absent) =>
        words.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : absent;
}
