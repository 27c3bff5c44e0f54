using Processor.Cards;

namespace Processor.Records;

/// <summary>Limits as they are after a batch; ordinal 0 is the account itself.</summary>
internal sealed class LimitStateTable : UnnestedTable
{
    private const string UpsertSql = """
        insert into limit_state (account_id, ordinal, image)
        select * from unnest(@AccountIds, @Ordinals, @Images)
        on conflict (account_id, ordinal) do update set image = excluded.image
        """;

    private readonly Dictionary<(Ulid Account, ushort Ordinal), int> rows = [];

    public List<Guid> AccountIds { get; } = [];

    public List<int> Ordinals { get; } = [];

    public List<byte[]> Images { get; } = [];

    internal override int Count => AccountIds.Count;

    private protected override string Sql => UpsertSql;

    internal void Put(Ulid accountId, ushort ordinal, ReadOnlySpan<byte> image)
    {
        if (rows.TryGetValue((accountId, ordinal), out var row))
        {
            Images[row] = image.ToArray();
            return;
        }

        rows.Add((accountId, ordinal), AccountIds.Count);
        AccountIds.Add(accountId.ToGuid());
        Ordinals.Add(ordinal);
        Images.Add(image.ToArray());
    }

    internal override void Clear()
    {
        rows.Clear();
        AccountIds.Clear();
        Ordinals.Clear();
        Images.Clear();
    }
}
