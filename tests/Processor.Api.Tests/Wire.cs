using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Security;

namespace Processor.Api.Tests;

/// <summary>A message of a network, as the switch would submit it.</summary>
internal sealed class Wire : AuthorizationOperation
{
    private static uint lastStan;

    private TaskCompletionSource<CommitOutcome> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A purchase of so many euro cents with a card.</summary>
    internal static Task<Wire> PurchaseAsync(Facade facade, Caller caller, Answer card, long amount) =>
        SendAsync(facade, caller, card, new Amount(amount, Currency.Eur), billing: 0, MessageClass.Authorization, 100, original: null);

    /// <summary>A purchase in another currency, for so many euro cents.</summary>
    internal static Task<Wire> PurchaseAsync(Facade facade, Caller caller, Answer card, long amount, long billing, Currency currency) =>
        SendAsync(facade, caller, card, new Amount(amount, currency), billing, MessageClass.Authorization, 100, original: null);

    /// <summary>A purchase whose credentials came to this, at a host of the test's choice.</summary>
    internal static Task<Wire> PurchaseAsync(Facade facade, Caller caller, Answer card, long amount, CredentialChecks checks, ILedger? host = null) =>
        SendAsync(facade, caller, card, new Amount(amount, Currency.Eur), billing: 0, MessageClass.Authorization, 100, original: null, checks, host);

    /// <summary>A purchase with a PIN, which the module checks as it does for the switch.</summary>
    internal static async Task<DeclineReason> PayWithPinAsync(Facade facade, Caller caller, Answer card, string pin, ILedger? host = null)
    {
        PublicId.TryRead(PublicId.Card, card.TextAt("id"), out var cardId);
        var row = await facade.Stage.Cards.FindAsync(cardId, CancellationToken.None);
        var pan = facade.Stage.Vault.Decrypt(row!.PanCipher, row.Id);
        var presented = new PresentedCredentials { Pan = pan };
        presented.SetPin(new DemoCard(pan).PinBlock(pin), format: 0, DemoKeys.ZonePins);
        var program = await facade.Stage.Programs.FindAsync(caller.Program.Id, CancellationToken.None);
        var plan = new CredentialPlan(program!.Credentials!);
        var check = new CredentialCheck(facade.Get<IHsm>());
        var wire = Make(caller, row, new Amount(1, Currency.Eur), billing: 0, MessageClass.Authorization, 100, original: null, default);
        await check.CheckAsync(wire, presented, plan, new CardInstance(1, (ushort)row.Expiry, 0));
        await wire.SubmitAsync(host ?? facade.Stage.Ledger);
        while (wire.Result == DecideResult.Asks)
        {
            await check.CheckPinAsync(wire, presented, plan);
            await wire.SubmitAsync(host ?? facade.Stage.Ledger);
        }

        return wire.Answer.Reason;
    }

    /// <summary>The reversal of all of a purchase.</summary>
    internal static Task<Wire> ReverseAsync(Facade facade, Caller caller, Answer card, Wire original) =>
        SendAsync(facade, caller, card, original.Request.Transaction, billing: 0, MessageClass.Reversal, 400, original);

    protected override void Complete(CommitOutcome outcome, FlushList flushes) => completion.TrySetResult(outcome);

    private static async Task<Wire> SendAsync(
        Facade facade,
        Caller caller,
        Answer card,
        Amount amount,
        long billing,
        MessageClass @class,
        ushort mti,
        Wire? original,
        CredentialChecks checks = default,
        ILedger? host = null)
    {
        PublicId.TryRead(PublicId.Card, card.TextAt("id"), out var cardId);
        var row = await facade.Stage.Cards.FindAsync(cardId, CancellationToken.None);
        var wire = Make(caller, row!, amount, billing, @class, mti, original, checks);
        await wire.SubmitAsync(host ?? facade.Stage.Ledger);
        return wire;
    }

    private async Task SubmitAsync(ILedger ledger)
    {
        completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ledger.Submit(this);
        await completion.Task;
    }

    private static Wire Make(
        Caller caller, Card row, Amount amount, long billing, MessageClass @class, ushort mti, Wire? original, CredentialChecks checks)
    {
        var wire = new Wire { AccountId = row.AccountId };
        wire.Request = new AuthorizationRequest
        {
            Class = @class,
            Mti = mti,
            Network = 1,
            Kind = TransactionKind.Purchase,
            Program = caller.Program.Number,
            Pan = row.PanHash,
            Card = 1,
            Expiry = (ushort)row.Expiry,
            Transaction = amount,
            Billing = new Amount(billing, Currency.Eur),
            HasBilling = billing > 0,
            Stan = Interlocked.Increment(ref lastStan),
            Transmission = 0601120000,
            Acquirer = 123456,
            MerchantCategory = 5411,
            PosEntryMode = 51,
            Credentials = new CredentialOutcome { Checks = checks },
        };
        "GROCER                   BERLIN       DE"u8.CopyTo(wire.Request.CardAcceptorName);
        if (original is not null)
        {
            wire.Request.OriginalClass = MessageClass.Authorization;
            wire.Request.OriginalStan = original.Request.Stan;
            wire.Request.OriginalTransmission = original.Request.Transmission;
            wire.Request.OriginalAcquirer = original.Request.Acquirer;
        }

        wire.Key = RequestKey.Of(in wire.Request);
        return wire;
    }
}
