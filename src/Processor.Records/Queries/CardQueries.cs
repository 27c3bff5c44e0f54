using Processor.Cards;

namespace Processor.Records;

/// <summary>Cards in Postgres.</summary>
public sealed class CardQueries(RecordsDatabase database)
{
    private const string Columns = """
        card.id, card.program, card.product, card_product.id as product_id, card.account_id, account.currency, card.pan_cipher,
        card.pan_hash, card.bin, card.last4, card.expiry, card.sequence_number, card.label, card.external_id, card.metadata::text as metadata, card.limits::text as limits,
        card.initial_balance, card.initial_status, card.initial_pin, card.state_reason, card.version, card.created_at, card.issued_at
        """;

    private const string From = "from card join account on account.id = card.account_id join card_product on card_product.number = card.product";

    // A card whose identifier, PAN or external id is taken is not added, and neither is its account. The account's foreign key
    // is checked when the statement ends.
    private const string AddSql = """
        with added as (
            insert into card (
                id, program, product, account_id, pan_cipher, pan_hash, bin, last4, expiry, sequence_number, label, external_id,
                metadata, limits, initial_balance, initial_status, initial_pin, created_at)
            select
                @Id, @Program, @Product, @AccountId, @PanCipher, @PanHash, @Bin, @Last4, @Expiry, @SequenceNumber, @Label, @ExternalId,
                @Metadata::jsonb, @Limits::jsonb, @InitialBalance, @InitialStatus, @InitialPin, @CreatedAt
            where not exists (select 1 from card where pan_hash = @PanHash)
            on conflict do nothing
            returning account_id, program, created_at)
        insert into account (id, program, currency, created_at)
        select account_id, program, @Currency, created_at from added
        """;

    private const string AddAllSql = """
        with added as (
            insert into card (
                id, program, product, account_id, pan_cipher, pan_hash, bin, last4, expiry, sequence_number,
                limits, initial_balance, initial_status, initial_pin, created_at)
            select
                wanted.id, @program, @product, wanted.account_id, wanted.pan_cipher, wanted.pan_hash, wanted.bin, wanted.last4, wanted.expiry, 0,
                wanted.limits::jsonb, wanted.initial_balance, wanted.initial_status, wanted.initial_pin, @createdAt
            from unnest(@ids, @accountIds, @ciphers, @panHashes, @bins, @lastFours, @expiries, @limits, @balances, @statuses, @pins)
                as wanted (id, account_id, pan_cipher, pan_hash, bin, last4, expiry, limits, initial_balance, initial_status, initial_pin)
            where not exists (select 1 from card where card.pan_hash = wanted.pan_hash)
            on conflict do nothing
            returning account_id, program, created_at)
        insert into account (id, program, currency, created_at)
        select account_id, program, @currency, created_at from added
        """;

    private const string FindSql = $"select {Columns} {From} where card.id = @id";

    private const string FindOfProgramSql = $"select {Columns} {From} where card.id = @id and card.program = @program";

    private const string FindByExternalIdSql = $"select {Columns} {From} where card.program = @program and card.external_id = @externalId";

    private const string ListByPanSql = $"select {Columns} {From} where card.pan_hash = any(@panHashes)";

    private const string ListOlderSql = $"""
        select {Columns} {From}
        where card.program = @program and (@bound::uuid is null or card.id < @bound) and (@externalId::text is null or card.external_id = @externalId)
        order by card.id desc
        limit @limit
        """;

    private const string ListNewerSql = $"""
        select {Columns} {From}
        where card.program = @program and card.id > @bound and (@externalId::text is null or card.external_id = @externalId)
        order by card.id
        limit @limit
        """;

    // card_begun is the index.
    private const string ListBegunSql = $"""
        select {Columns} {From}
        where card.issued_at is null and card.created_at < @before
        order by card.created_at
        limit @limit
        """;

    private const string MarkIssuedSql = "update card set issued_at = @issuedAt where id = any(@ids) and issued_at is null";

    // A card ends once, and the first reason stays.
    private const string SetStateReasonSql =
        "update card set state_reason = @reason, version = version + 1 where id = @id and state_reason is null";

    /// <summary>Adds a card and its account.</summary>
    /// <returns>False, and nothing is changed, when its identifier, its PAN or its external id is taken.</returns>
    public async Task<bool> AddAsync(Card card, CancellationToken cancellation) =>
        await database.ExecuteAsync(
            AddSql,
            new
            {
                card.Id,
                card.Program,
                card.Product,
                card.AccountId,
                card.Currency,
                card.PanCipher,
                card.PanHash,
                card.Bin,
                card.Last4,
                card.Expiry,
                card.SequenceNumber,
                card.Label,
                card.ExternalId,
                card.Metadata,
                card.Limits,
                card.InitialBalance,
                InitialStatus = (short)card.InitialStatus,
                card.InitialPin,
                card.CreatedAt,
            },
            cancellation) == 1;

    /// <summary>Adds many cards of one product with their accounts. Those whose PAN is taken are left out.</summary>
    /// <returns>How many were added.</returns>
    public Task<int> AddAllAsync(IReadOnlyCollection<Card> cards, int program, int product, Currency currency, DateTimeOffset createdAt, CancellationToken cancellation) =>
        database.ExecuteAsync(
            AddAllSql,
            new
            {
                program,
                product,
                currency,
                createdAt,
                ids = cards.Select(card => card.Id.ToGuid()).ToArray(),
                accountIds = cards.Select(card => card.AccountId.ToGuid()).ToArray(),
                ciphers = cards.Select(card => card.PanCipher).ToArray(),
                panHashes = cards.Select(card => ToGuid(card.PanHash)).ToArray(),
                bins = cards.Select(card => card.Bin).ToArray(),
                lastFours = cards.Select(card => card.Last4).ToArray(),
                expiries = cards.Select(card => card.Expiry).ToArray(),
                limits = cards.Select(card => card.Limits).ToArray(),
                balances = cards.Select(card => card.InitialBalance).ToArray(),
                statuses = cards.Select(card => (short)card.InitialStatus).ToArray(),
                pins = cards.Select(card => card.InitialPin).ToArray(),
            },
            cancellation);

    /// <summary>One card of any program, or null.</summary>
    public Task<Card?> FindAsync(Ulid id, CancellationToken cancellation) => database.FindAsync<Card>(FindSql, new { id }, cancellation);

    /// <summary>A card of that program, or null.</summary>
    public Task<Card?> FindAsync(int program, Ulid id, CancellationToken cancellation) =>
        database.FindAsync<Card>(FindOfProgramSql, new { program, id }, cancellation);

    /// <summary>The card that a program calls so, or null.</summary>
    public Task<Card?> FindByExternalIdAsync(int program, string externalId, CancellationToken cancellation) =>
        database.FindAsync<Card>(FindByExternalIdSql, new { program, externalId }, cancellation);

    /// <summary>Every card under one of these PANs, of any expiry.</summary>
    public Task<IReadOnlyList<Card>> ListByPanAsync(IEnumerable<PanHash> pans, CancellationToken cancellation) =>
        database.ListAsync<Card>(ListByPanSql, new { panHashes = pans.Select(ToGuid).ToArray() }, cancellation);

    /// <summary>Cards of a program, newest first.</summary>
    /// <param name="program">Its number.</param>
    /// <param name="externalId">Only the one of that external id; null for all.</param>
    /// <param name="before">Only those made before this one; null to begin with the newest.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<IReadOnlyList<Card>> ListOlderAsync(int program, string? externalId, Ulid? before, int limit, CancellationToken cancellation) =>
        database.ListAsync<Card>(ListOlderSql, new { program, externalId, bound = before?.ToGuid(), limit }, cancellation);

    /// <summary>Cards of a program that were made after one of them, oldest first.</summary>
    public Task<IReadOnlyList<Card>> ListNewerAsync(int program, string? externalId, Ulid after, int limit, CancellationToken cancellation) =>
        database.ListAsync<Card>(ListNewerSql, new { program, externalId, bound = after.ToGuid(), limit }, cancellation);

    /// <summary>Cards of any program whose issuance was begun before a moment and is not finished, the oldest first.</summary>
    public Task<IReadOnlyList<Card>> ListBegunAsync(DateTimeOffset before, int limit, CancellationToken cancellation) =>
        database.ListAsync<Card>(ListBegunSql, new { before, limit }, cancellation);

    /// <summary>Notes that the ledger has these cards. Those that were noted before keep their time.</summary>
    public Task MarkIssuedAsync(IEnumerable<Ulid> ids, DateTimeOffset issuedAt, CancellationToken cancellation) =>
        database.ExecuteAsync(MarkIssuedSql, new { ids = ids.Select(id => id.ToGuid()).ToArray(), issuedAt }, cancellation);

    /// <summary>Notes why a card has ended. One that has a reason keeps it.</summary>
    public Task SetStateReasonAsync(Ulid id, string reason, CancellationToken cancellation) =>
        database.ExecuteAsync(SetStateReasonSql, new { id, reason }, cancellation);

    private static Guid ToGuid(PanHash hash) => new Ulid(hash.Value).ToGuid();
}
