using Processor.Cards;

namespace Processor.Records;

/// <summary>The keys that encrypt PANs, and the ciphers that wait to be encrypted again.</summary>
public sealed class VaultKeyQueries(RecordsDatabase database)
{
    private const string ListSql = "select version, master_version, wrapped, active_from, created_at, destroyed_at from vault_key order by version";

    private const string AddSql = """
        insert into vault_key (version, master_version, wrapped, active_from, created_at)
        values (@Version, @MasterVersion, @Wrapped, @ActiveFrom, @CreatedAt)
        on conflict (version) do nothing
        """;

    // Another host may have wrapped it again first: then nothing is changed.
    private const string RewrapSql = """
        update vault_key
        set wrapped = @Wrapped, master_version = @MasterVersion
        where version = @Version and master_version < @MasterVersion and wrapped is not null
        """;

    // card_by_vault_key is the index. Whoever encrypts under the version may not have committed yet: the caller has waited.
    private const string DestroySql = """
        update vault_key
        set wrapped = null, destroyed_at = @now
        where version = @version and wrapped is not null
            and exists (select 1 from vault_key as newer where newer.version > @version and newer.active_from <= @before and newer.wrapped is not null)
            and not exists (select 1 from card where substring(pan_cipher from 1 for 3) = @prefix)
        """;

    private const string CountSql = """
        select substring(pan_cipher from 1 for case get_byte(pan_cipher, 0) when 0 then 3 else 1 end) as prefix, count(*) as cards
        from card
        group by 1
        """;

    private const string ListStaleSql = """
        (select id, pan_cipher from card where substring(pan_cipher from 1 for 3) < @prefix limit @limit)
        union all
        (select id, pan_cipher from card where substring(pan_cipher from 1 for 3) > @prefix limit @limit)
        limit @limit
        """;

    // Only what still is as it was read: two workers may be at the same cards.
    private const string ReplaceSql = """
        update card
        set pan_cipher = wanted.replacement
        from unnest(@ids, @ciphers, @replacements) as wanted (id, cipher, replacement)
        where card.id = wanted.id and card.pan_cipher = wanted.cipher
        """;

    /// <summary>All keys by version, destroyed ones too.</summary>
    public Task<IReadOnlyList<VaultKeyRow>> ListAsync(CancellationToken cancellation) =>
        database.ListAsync<VaultKeyRow>(ListSql, parameters: null, cancellation);

    /// <summary>Adds a key.</summary>
    /// <returns>False, and nothing is changed, when its version is taken.</returns>
    public async Task<bool> AddAsync(VaultKeyRow key, CancellationToken cancellation) => await database.ExecuteAsync(AddSql, key, cancellation) == 1;

    /// <summary>Keeps a key as it is wrapped with a newer version of the key file.</summary>
    /// <returns>False, and nothing is changed, when it is wrapped with that version or a newer one, or was destroyed.</returns>
    public async Task<bool> RewrapAsync(VaultKeyRow key, CancellationToken cancellation) =>
        await database.ExecuteAsync(RewrapSql, new { key.Version, key.MasterVersion, key.Wrapped }, cancellation) == 1;

    /// <summary>Forgets a key that nothing is encrypted under and that has had a successor since before a moment.</summary>
    /// <param name="version">The key.</param>
    /// <param name="prefix">What ciphers under it begin with.</param>
    /// <param name="before">Its successor was active by then.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False, and nothing is changed, when that is not so.</returns>
    public async Task<bool> DestroyAsync(int version, byte[] prefix, DateTimeOffset before, DateTimeOffset now, CancellationToken cancellation) =>
        await database.ExecuteAsync(DestroySql, new { version, prefix, before, now }, cancellation) == 1;

    /// <summary>How many cards there are by the first bytes of their ciphers.</summary>
    public Task<IReadOnlyList<(byte[] Prefix, long Cards)>> CountAsync(CancellationToken cancellation) =>
        database.ListAsync<(byte[] Prefix, long Cards)>(CountSql, parameters: null, cancellation);

    /// <summary>Cards whose ciphers begin otherwise than those under the present key do.</summary>
    public Task<IReadOnlyList<(Ulid Id, byte[] PanCipher)>> ListStaleAsync(byte[] prefix, int limit, CancellationToken cancellation) =>
        database.ListAsync<(Ulid Id, byte[] PanCipher)>(ListStaleSql, new { prefix, limit }, cancellation);

    /// <summary>Replaces ciphers by others of the same PANs. Those that have changed meanwhile stay as they are.</summary>
    /// <returns>How many were replaced.</returns>
    public Task<int> ReplaceAsync(IReadOnlyCollection<(Ulid Id, byte[] Cipher, byte[] Replacement)> ciphers, CancellationToken cancellation) =>
        database.ExecuteAsync(
            ReplaceSql,
            new
            {
                ids = ciphers.Select(cipher => cipher.Id.ToGuid()).ToArray(),
                ciphers = ciphers.Select(cipher => cipher.Cipher).ToArray(),
                replacements = ciphers.Select(cipher => cipher.Replacement).ToArray(),
            },
            cancellation);
}
