using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Everything that happened to transactions.</summary>
internal sealed class TransactionEventTable : ProjectedTable
{
    private const string InsertSql = """
        insert into transaction_event (
            transaction_id, id, at, amount, billing_amount, held_delta, posted_delta, posted_after, held_after, available_after,
            stan, mti, type, kind, traits, reason, checks, retrieval_reference, approval_code, expires_at)
        select * from unnest(
            @TransactionIds, @Ids, @At, @Amounts, @BillingAmounts, @HeldDeltas, @PostedDeltas, @PostedAfter, @HeldAfter, @AvailableAfter,
            @Stans, @Mtis, @Types, @Kinds, @Traits, @Reasons, @Checks, @RetrievalReferences, @ApprovalCodes, @ExpiresAt)
        """;

    public List<Guid> TransactionIds { get; } = [];

    public List<Guid> Ids { get; } = [];

    public List<DateTime> At { get; } = [];

    public List<long> Amounts { get; } = [];

    public List<long> BillingAmounts { get; } = [];

    public List<long> HeldDeltas { get; } = [];

    public List<long> PostedDeltas { get; } = [];

    public List<long> PostedAfter { get; } = [];

    public List<long> HeldAfter { get; } = [];

    public List<long> AvailableAfter { get; } = [];

    public List<int> Stans { get; } = [];

    public List<short> Mtis { get; } = [];

    public List<short> Types { get; } = [];

    public List<short> Kinds { get; } = [];

    public List<short> Traits { get; } = [];

    public List<short> Reasons { get; } = [];

    public List<int> Checks { get; } = [];

    public List<string?> RetrievalReferences { get; } = [];

    public List<string?> ApprovalCodes { get; } = [];

    public MomentColumn ExpiresAt { get; } = new();

    internal override int Count => Ids.Count;

    private protected override string Sql => InsertSql;

    internal void Add(Ulid id, in EventRecord record)
    {
        TransactionIds.Add(record.Transaction.ToGuid());
        Ids.Add(id.ToGuid());
        At.Add(JournalValues.Moment(record.At));
        Amounts.Add(record.TransactionAmount);
        BillingAmounts.Add(record.BillingAmount);
        HeldDeltas.Add(record.HeldDelta);
        PostedDeltas.Add(record.PostedDelta);
        PostedAfter.Add(record.PostedAfter);
        HeldAfter.Add(record.HeldAfter);
        AvailableAfter.Add(record.AvailableAfter);
        Stans.Add((int)record.Stan);
        Mtis.Add((short)record.Mti);
        Types.Add((short)record.Type);
        Kinds.Add((short)record.Kind);
        Traits.Add((short)record.Traits);
        Reasons.Add((short)record.Reason);
        Checks.Add((int)record.Checks.Packed);
        RetrievalReferences.Add(JournalValues.Text(record.RetrievalReference));
        ApprovalCodes.Add(JournalValues.Text(record.ApprovalCode));
        ExpiresAt.Add(JournalValues.MomentOrNull(record.ExpiresAt));
    }

    internal override void Clear()
    {
        TransactionIds.Clear();
        Ids.Clear();
        At.Clear();
        Amounts.Clear();
        BillingAmounts.Clear();
        HeldDeltas.Clear();
        PostedDeltas.Clear();
        PostedAfter.Clear();
        HeldAfter.Clear();
        AvailableAfter.Clear();
        Stans.Clear();
        Mtis.Clear();
        Types.Clear();
        Kinds.Clear();
        Traits.Clear();
        Reasons.Clear();
        Checks.Clear();
        RetrievalReferences.Clear();
        ApprovalCodes.Clear();
        ExpiresAt.Clear();
    }
}
