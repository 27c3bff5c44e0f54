using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Everything that one decision looks at, gathered once.</summary>
internal ref struct Scene
{
    private readonly AuthorizationOperation operation;

    internal Scene(AuthorizationOperation operation, AccountAggregate account, ProgramDirectory programs, long repeatWindow)
    {
        this.operation = operation;
        Account = account;
        RepeatWindow = repeatWindow;
        IsProgramKnown = programs.TryGet(account.Account.Program, out var program, out var calendar);
        Program = program;
        Calendar = IsProgramKnown ? calendar.At(account.Now) : null!;
        Checks = JudgeCredentials();
    }

    internal AccountAggregate Account { get; }

    /// <summary>False when this host has not heard of the account's program yet.</summary>
    internal bool IsProgramKnown { get; }

    internal ProgramProfile Program { get; }

    internal CalendarWindow Calendar { get; }

    /// <summary>What became of each credential, with what only the account can say. Judged before anything of it is kept.</summary>
    internal CredentialChecks Checks { get; }

    /// <summary>Wrong PINs after which even the right one is refused.</summary>
    internal readonly int PinTriesMax => Program.Credentials?.PinTriesMax ?? byte.MaxValue;

    /// <summary>Milliseconds for which Redis surely knows what was done.</summary>
    internal long RepeatWindow { get; }

    internal readonly AuthorizationOperation Operation => operation;

    internal readonly ref readonly AuthorizationRequest Request => ref operation.Request;

    internal readonly ref AuthorizationAnswer Answer => ref operation.Answer;

    internal readonly UInt128 Key => operation.Key;

    internal readonly bool IsCash => Request.Kind is TransactionKind.Cash or TransactionKind.Cashback;

    /// <summary>The amount decided: DE 6 when it is in a currency of the account, else DE 4 when that is; else of no currency.</summary>
    internal readonly Amount Decided
    {
        get
        {
            if (Request.HasBilling && Account.FindBalance(Request.Billing.Currency.Numeric) >= 0)
                return Request.Billing;
            return Account.FindBalance(Request.Transaction.Currency.Numeric) >= 0 ? Request.Transaction : default;
        }
    }

    /// <summary>What this message leaves in the ledger, before it is known what is held.</summary>
    internal readonly HoldRecord NewHold(HoldState state, Amount decided, Ulid transaction)
    {
        ref readonly var request = ref Request;
        return new HoldRecord
        {
            State = state,
            Kind = request.Kind,
            Class = request.Class,
            Traits = (IsCash ? HoldTraits.Cash : HoldTraits.None) | (request.IsRepeat ? HoldTraits.Repeat : HoldTraits.None)
                | (Answer.HasScript ? HoldTraits.Script : HoldTraits.None),
            Card = request.Card,
            Network = request.Network,
            Transaction = transaction,
            ExpiresAt = long.MaxValue,
            Deadline = long.MaxValue,
            AskedTransaction = request.Transaction.MinorUnits,
            AskedBilling = decided.MinorUnits,
            ApprovedTransaction = request.Transaction.MinorUnits,
            ApprovedBilling = decided.MinorUnits,
            TransactionCurrency = request.Transaction.Currency.Numeric,
            BillingCurrency = decided.Currency.Numeric,
            Stan = request.Stan,
            Transmission = request.Transmission,
            Acquirer = request.Acquirer,
            RetrievalReference = request.RetrievalReference,
            Terminal = request.Terminal,
            ApprovalCode = request.ApprovalCode,
            NetworkId = request.NetworkId,
        };
    }

    /// <summary>An event of this message.</summary>
    internal readonly EventRecord NewEvent(EventType type, in HoldRecord hold)
    {
        ref readonly var request = ref Request;
        return new EventRecord
        {
            Type = type,
            Class = request.Class,
            Kind = hold.Kind,
            State = hold.State,
            Traits = hold.Traits,
            Mti = request.Mti,
            Network = request.Network,
            Reason = hold.Reason,
            CardId = Account.HasCard(request.Card) ? Account.Card(request.Card).CardId : Ulid.None,
            Transaction = hold.Transaction,
            Key = Key,
            ExpiresAt = hold.ExpiresAt == long.MaxValue ? 0 : hold.ExpiresAt,
            TransactionAmount = hold.ApprovedTransaction,
            BillingAmount = hold.ApprovedBilling,
            AskedTransaction = request.Transaction.MinorUnits,
            TransactionCurrency = request.Transaction.Currency.Numeric,
            BillingCurrency = hold.BillingCurrency,
            Stan = request.Stan,
            Transmission = request.Transmission,
            Acquirer = request.Acquirer,
            NetworkId = request.NetworkId,
            RetrievalReference = request.RetrievalReference,
            Terminal = request.Terminal,
            ApprovalCode = hold.ApprovalCode,
            MerchantCategory = request.MerchantCategory,
            PosEntryMode = request.PosEntryMode,
            CardAcceptor = request.CardAcceptor,
            CardAcceptorName = request.CardAcceptorName,
            Checks = Checks,
        };
    }

    /// <summary>How this message names its original.</summary>
    internal readonly OriginalQuery NewQuery()
    {
        ref readonly var request = ref Request;
        return new OriginalQuery
        {
            Card = request.Card,
            Network = request.Network,
            Class = request.OriginalClass,
            Stan = request.OriginalStan,
            Transmission = request.OriginalTransmission,
            OriginalAcquirer = request.OriginalAcquirer,
            NetworkId = request.NetworkId,
            Acquirer = request.Acquirer,
            RetrievalReference = request.RetrievalReference,
            Terminal = request.Terminal,
            ApprovalCode = request.ApprovalCode,
        };
    }

    /// <summary>Declines: nothing is held, the decline is remembered and recorded. To be called before anything is changed, or with all
    /// holds known: a decline leaves no key for which the script would look, so that this is no copy of what was done must be known here.</summary>
    internal readonly DecideResult Decline(EventType type, DeclineReason reason)
    {
        if (!Account.HasEveryHold)
            return DecideResult.NeedsHolds;
        Answer.Kind = AnswerKind.Declined;
        Answer.Reason = reason;
        var hold = NewHold(HoldState.Declined, Decided, Account.NewId());
        hold.Reason = reason;
        hold.ApprovalCode = default;
        var record = NewEvent(type, in hold);
        record.BillingAmount = hold.AskedBilling;
        Account.RememberDecline(Request.Card, Key, Request.Transaction.MinorUnits, Request.Transaction.Currency.Numeric, reason);
        Account.Record(ref record);
        return DecideResult.Changed;
    }

    /// <summary>Six digits for DE 38, drawn from the request key: the same request always gets the same, and none is 000000.</summary>
    internal readonly Ascii6 NewApprovalCode()
    {
        var number = (uint)(((ulong)Key ^ (ulong)(Account.Id.Value >> 40)) % 999_999) + 1;
        var code = default(Ascii6);
        Utf8Formatter.TryFormat(number, (Span<byte>)code, out _, new System.Buffers.StandardFormat('D', 6));
        return code;
    }

    /// <summary>When a hold made now is released by itself.</summary>
    internal readonly long NewExpiry() => Account.Now + (long)Program.HoldPeriod.TotalMilliseconds;

    private readonly CredentialChecks JudgeCredentials()
    {
        ref readonly var request = ref Request;
        var checks = request.Credentials.Checks;
        if (!IsProgramKnown || !Account.HasCard(request.Card))
            return checks;
        ref readonly var card = ref Account.Card(request.Card);
        if (request.Expiry != 0)
            checks = checks.With(CredentialKind.Expiry, request.Expiry == card.Expiry ? CheckResult.Match : CheckResult.Mismatch);
        if (checks[CredentialKind.Cryptogram] != CheckResult.Match)
            return checks;
        var gapMax = Program.Credentials?.CounterGapMax ?? 0;
        return checks.With(CredentialKind.Counter, CounterWindow.Judge(card.Counters, request.Credentials.Counter, request.Credentials.Mark, gapMax));
    }

    /// <summary>A part of an amount in another currency: <paramref name="amount"/> × <paramref name="numerator"/> ÷ <paramref name="denominator"/>,
    /// rounded to the nearest, halves up. What no amount can be is the largest that one can.</summary>
    /// <param name="amount">Not negative, as are the others.</param>
    /// <param name="numerator">Of the rate.</param>
    /// <param name="denominator">Of the rate; where it is 0 nothing is the part.</param>
    internal static long Scale(long amount, long numerator, long denominator) =>
        denominator == 0 ? 0 : (long)Int128.Min(long.MaxValue, (((Int128)amount * numerator * 2) + denominator) / ((Int128)denominator * 2));
}
