using System.Globalization;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Security;

namespace Processor.Api;

/// <summary>Brings cards into being, in Postgres and in the ledger, so that a crash between any two steps loses and doubles nothing.</summary>
/// <remarks>
/// First the row in Postgres, which holds all that the other steps need. Then, in the ledger, the account, the card and its first
/// balance; then the way from its PAN to the account, from which moment the switch knows the card; and last the row is marked as
/// issued. Each step may be done again without a second effect, so whoever finds an unmarked row does them all again.
/// </remarks>
/// <param name="ledger">Where cards live.</param>
/// <param name="directory">From PANs to accounts.</param>
/// <param name="cards">Their rows.</param>
/// <param name="vault">Encrypts PANs.</param>
/// <param name="clock">The time.</param>
/// <param name="pins">Takes PINs; null where orders have none.</param>
public sealed class CardIssuance(ILedger ledger, ICardDirectory directory, CardQueries cards, PanVault vault, TimeProvider clock, PinIssuer? pins = null)
{
    // Cards on their way at once in a bulk issuance, and rows of one insert.
    private const int Concurrency = 256;
    private const int Chunk = 500;

    // A range would have to be nearly full for so many draws to be taken.
    private const int DrawsMax = 16;

    private const string TopUpStep = "initial_balance";

    /// <summary>Issues one card, or finishes an issuance that was begun under its identifier or, when the order names one, its PAN.</summary>
    /// <returns>The card as it is in Postgres. An issuance that was begun keeps what it was begun with, its identifier included.</returns>
    /// <exception cref="ExternalIdTakenException">Another card of the program has the external id; nothing was changed.</exception>
    /// <exception cref="PinRefusedException">The order's PIN was not taken; nothing was changed.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger did not answer. The same call finishes the issuance.</exception>
    /// <exception cref="Npgsql.NpgsqlException">Postgres did not answer. The same call finishes the issuance.</exception>
    public async Task<Card> IssueAsync(CardOrder order, CancellationToken cancellation)
    {
        var card = await PlaceAsync(order, cancellation);
        return card.IssuedAt is null ? await FinishAsync(card, order.Program, order.Product, cancellation) : card;
    }

    /// <summary>Does the steps in the ledger for a card whose row stands in Postgres. Doing it again changes nothing.</summary>
    /// <returns>The card, marked as issued.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger did not answer. The same call finishes the issuance.</exception>
    public async Task<Card> FinishAsync(Card card, ProgramProfile program, CardProduct product, CancellationToken cancellation)
    {
        await EnterLedgerAsync(card, program, product, cancellation);
        var issuedAt = clock.GetUtcNow();
        await cards.MarkIssuedAsync([card.Id], issuedAt, cancellation);
        return card with { IssuedAt = issuedAt };
    }

    /// <summary>Issues many cards of one product and program whose PANs are given. Those that are issued already are left alone, and
    /// those that were begun are finished.</summary>
    /// <returns>How many were issued by this call.</returns>
    /// <exception cref="ArgumentException">An order names no PAN, or another program or product than the first.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger did not answer. The same call finishes the rest.</exception>
    public async Task<int> IssueAllAsync(IEnumerable<CardOrder> orders, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var chunk in orders.Chunk(Chunk))
            count += await IssueChunkAsync(chunk, cancellation);
        return count;
    }

    private async Task<int> IssueChunkAsync(CardOrder[] orders, CancellationToken cancellation)
    {
        var (program, product) = (orders[0].Program, orders[0].Product);
        var hashes = new Dictionary<PanHash, CardOrder>(orders.Length);
        foreach (var order in orders)
        {
            if (order.Program.Number != program.Number || order.Product.Number != product.Number)
                throw new ArgumentException("The orders are of more than one product.", nameof(orders));
            var pan = order.Pan ?? throw new ArgumentException("An order names no PAN.", nameof(orders));
            hashes[vault.Hash(pan)] = order;
        }

        var known = await cards.ListByPanAsync(hashes.Keys, cancellation);
        var missing = new Dictionary<PanHash, CardOrder>(hashes);
        foreach (var card in known)
            missing.Remove(card.PanHash);
        if (missing.Count > 0)
        {
            var rows = new List<Card>(missing.Count);
            foreach (var order in missing.Values)
                rows.Add(await DraftAsync(order, order.Pan!.Value, cancellation));
            await cards.AddAllAsync(rows, program.Number, product.Number, product.Currency, clock.GetUtcNow(), cancellation);
            known = await cards.ListByPanAsync(hashes.Keys, cancellation);
        }

        var begun = known.Where(card => card.IssuedAt is null).ToList();
        if (begun.Count == 0)
            return 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellation };
        await Parallel.ForEachAsync(begun, options, (card, token) => new ValueTask(EnterLedgerAsync(card, program, product, token)));
        await cards.MarkIssuedAsync(begun.Select(card => card.Id), clock.GetUtcNow(), cancellation);
        return begun.Count;
    }

    /// <summary>Makes sure that the card's row stands in Postgres.</summary>
    private async Task<Card> PlaceAsync(CardOrder order, CancellationToken cancellation)
    {
        if (await FindBegunAsync(order, cancellation) is { } begun)
            return begun;
        for (var draws = 0; draws < DrawsMax; draws++)
        {
            var draft = await DraftAsync(order, order.Pan ?? PanDraw.From(order.Program.BinRanges[0]), cancellation);
            if (await cards.AddAsync(draft, cancellation))
                return draft;
            if (await FindBegunAsync(order, cancellation) is { } placed)
                return placed;
            if (order.ExternalId is { } externalId && await cards.FindByExternalIdAsync(order.Program.Number, externalId, cancellation) is { } other)
                throw new ExternalIdTakenException(other.Id);
        }

        throw new InvalidOperationException($"The first BIN range of program {order.Program.Id} is full.");
    }

    private async Task<Card?> FindBegunAsync(CardOrder order, CancellationToken cancellation)
    {
        if (order.Pan is not { } pan)
            return await cards.FindAsync(order.CardId, cancellation);
        var under = await cards.ListByPanAsync([vault.Hash(pan)], cancellation);
        return under.Count > 0 ? under[^1] : null;
    }

    private async ValueTask<Card> DraftAsync(CardOrder order, Pan pan, CancellationToken cancellation)
    {
        var draft = Draft(order, pan);
        if (order.Pin is not { } pin)
            return draft;
        var issue = pins is null || order.Program.Credentials is not { } profile
            ? new PinIssue(PinIssueResult.NotTaken)
            : await pins.IssueAsync(profile, pan, pin, cancellation);
        return issue.Result == PinIssueResult.Taken ? draft with { InitialPin = issue.Pin.ToArray() } : throw new PinRefusedException(issue.Result);
    }

    private Card Draft(CardOrder order, Pan pan) => new()
    {
        Id = order.CardId,
        Program = order.Program.Number,
        Product = order.Product.Number,
        ProductId = order.Product.Id,
        AccountId = Ulid.Create(clock),
        Currency = order.Product.Currency,
        PanCipher = vault.Encrypt(pan, order.CardId),
        PanHash = vault.Hash(pan),
        Bin = BinOf(order.Program, pan),
        Last4 = pan.LastFour.ToString("D4", CultureInfo.InvariantCulture),
        Expiry = order.Expiry,
        Label = order.Label,
        ExternalId = order.ExternalId,
        Metadata = order.Metadata,
        Limits = LimitsDocument.Write(order.Limits),
        InitialBalance = order.InitialBalance,
        InitialStatus = order.Status,
        CreatedAt = clock.GetUtcNow(),
    };

    // ISO/IEC 7812-1: an IIN has 8 digits, before 2017 it had 6. Longer ranges show no more than 8.
    private static string BinOf(ProgramProfile program, Pan pan)
    {
        var digits = 6;
        foreach (var range in program.BinRanges)
        {
            if (range.Contains(pan))
                digits = Math.Clamp(range.Digits, 6, 8);
        }

        return pan.Leading(digits).ToString("D" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private async Task EnterLedgerAsync(Card card, ProgramProfile program, CardProduct product, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var open = new OpenAccountCommand { AccountId = card.AccountId, Program = program.Number, Currency = card.Currency.Numeric };
        await RunAsync(open);

        cancellation.ThrowIfCancellationRequested();
        var hasPin = CardPin.TryRead(card.InitialPin, out var pin);
        var add = new AddCardCommand
        {
            AccountId = card.AccountId,
            Card = new CardRecord
            {
                CardId = card.Id,
                Status = card.InitialStatus,
                Options = (CardOptions)product.Options,
                Product = product.Number,
                Expiry = (ushort)card.Expiry,
                SequenceNumber = (byte)card.SequenceNumber,
                PinVersion = hasPin ? 1 : 0,
                Pin = pin,
            },
            Limits = LimitsDocument.Read(card.Limits),
        };
        await RunAsync(add);

        cancellation.ThrowIfCancellationRequested();
        if (card.InitialBalance > 0)
        {
            await RunAsync(new TransferCommand
            {
                AccountId = card.AccountId,
                Key = RequestKey.OfOperation(program.Id, card.Id.ToString(), TopUpStep),
                Kind = TransactionKind.TopUp,
                Amount = new Amount(card.InitialBalance, card.Currency),
                CardId = card.Id,
            });
        }

        await directory.AddAsync(
            card.PanHash, card.AccountId, program.Number, new CardInstance(add.Ordinal, (ushort)card.Expiry, (byte)card.SequenceNumber), cancellation);
    }

    private async Task RunAsync(AccountCommand command)
    {
        var outcome = await ledger.RunAsync(command);
        if (outcome is CommitOutcome.Unavailable or CommitOutcome.Unknown)
            throw new LedgerUnavailableException("The ledger did not take a step of a card's issuance.");
        if (outcome != CommitOutcome.Committed || command.Said is not (CommandResult.Done or CommandResult.DoneBefore))
            throw new InvalidOperationException($"A step of issuance was answered {outcome}, {command.Said}: {command.GetType().Name} of account {command.AccountId}.");
    }
}
