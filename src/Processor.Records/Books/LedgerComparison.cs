using System.Data;
using System.Globalization;
using Dapper;
using Npgsql;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Compares every account in Redis with the records in Postgres, and finds those that only one of them has, also while traffic runs.</summary>
/// <remarks>Some accounts are taken at a time. First a snapshot of Postgres is opened, then each account is read from Redis: that is never
/// older. What was committed between the two is in the journal, which says for each version of an account what it was; so the snapshot
/// is led to exactly the version that Redis told, and then both must be equal.</remarks>
public sealed class LedgerComparison(RecordsDatabase database, LedgerReader ledger, TimeProvider clock)
{
    /// <summary>Findings at most; then the comparison ends.</summary>
    public const int FindingsMax = 100;

    private const int AccountsAtOnce = 500;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private const string AccountsSql = """
        select account_id from account_state
        where @After::uuid is null or account_id > @After
        order by account_id
        limit @AccountsAtOnce
        """;

    private const string StatesSql = "select account_id, version, open_holds, status from account_state where account_id = any(@Accounts)";

    private const string BalancesSql = "select account_id, currency, posted, held, credit_limit from account_balance where account_id = any(@Accounts)";

    private const string CardsSql = "select account_id, ordinal, revision, status, pin_tries from card_state where account_id = any(@Accounts)";

    private const string LimitsSql = "select account_id as account, ordinal, image from limit_state where account_id = any(@Accounts)";

    private const string UnknownSql = """
        select account_id from unnest(@Accounts) as found (account_id)
        where not exists (select from account_state as known where known.account_id = found.account_id)
        """;

    private const string PositionsSql = "select partition, epoch, seq from projector_position";

    // Holds that hold money must be in Redis; of the others those that Redis still has are looked at.
    private const string OpenHoldsSql = "select account_id as account, key, image from hold where account_id = any(@Accounts) and state in (1, 2)";

    private const string NamedHoldsSql = """
        select hold.account_id as account, hold.key, hold.image
        from unnest(@Accounts, @Keys) as wanted (account_id, key)
        join hold using (account_id, key)
        """;

    private const string RecordedSql = "select epoch, seq from journal_position where partition = @partition";

    private const string ProjectedSql = "select epoch, seq from projector_position where partition = @partition";

    private const string JournalSql = """
        select payload from journal
        where partition = @Partition and (epoch, seq) > (@Epoch, @Seq) and (epoch, seq) <= (@ToEpoch, @ToSeq)
        order by epoch, seq
        """;

    /// <summary>Compares all accounts that were there when it began.</summary>
    /// <param name="patience">How long recorder and projector are waited for.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    /// <returns>How many accounts were compared, and where the two sides differ.</returns>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    /// <exception cref="TimeoutException">Postgres did not come as far as Redis was within the patience.</exception>
    public async Task<(int Accounts, IReadOnlyList<BooksFinding> Findings)> RunAsync(TimeSpan patience, CancellationToken cancellation)
    {
        for (var partition = 0; partition < ledger.Journal.Partitions; partition++)
            await WaitAsync(ProjectedSql, partition, await ledger.Journal.FindEndAsync(partition, cancellation), patience, cancellation);
        var findings = new List<BooksFinding>();
        var compared = 0;
        Guid? after = null;
        while (findings.Count < FindingsMax)
        {
            var accounts = await database.ListAsync<Guid>(AccountsSql, new { After = after, AccountsAtOnce }, cancellation);
            if (accounts.Count == 0)
                break;
            await CompareAsync([.. accounts], patience, findings, cancellation);
            compared += accounts.Count;
            after = accounts[^1];
        }

        await FindUnknownAsync(patience, findings, cancellation);
        return (compared, findings);
    }

    /// <summary>Finds accounts that only Redis has.</summary>
    private async Task FindUnknownAsync(TimeSpan patience, List<BooksFinding> findings, CancellationToken cancellation)
    {
        await foreach (var accounts in ledger.ListAccountsAsync().WithCancellation(cancellation))
        {
            var unknown = await ListUnknownAsync(accounts, cancellation);

            // It may have been opened since: then it is in the journal by now.
            foreach (var partition in unknown.Select(ledger.PartitionOf).Distinct())
                await WaitAsync(ProjectedSql, partition, await ledger.Journal.FindEndAsync(partition, cancellation), patience, cancellation);
            foreach (var account in await ListUnknownAsync(unknown, cancellation))
                Find("the account is recorded", account, expected: 0, found: 1, findings);
        }
    }

    private async Task<IReadOnlyList<Ulid>> ListUnknownAsync(IReadOnlyList<Ulid> accounts, CancellationToken cancellation) =>
        accounts.Count == 0
            ? []
            : [.. (await database.ListAsync<Guid>(UnknownSql, new { Accounts = accounts.Select(account => account.ToGuid()).ToArray() }, cancellation)).Select(Ulid.FromGuid)];

    private static void Find(string rule, Ulid account, long expected, long found, List<BooksFinding> findings)
    {
        if (findings.Count < FindingsMax)
            findings.Add(new BooksFinding(rule, account.ToString(), Currency: 0, expected, found));
    }

    private async Task CompareAsync(Guid[] accounts, TimeSpan patience, List<BooksFinding> findings, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var expected = await ReadRecordsAsync(connection, snapshot, accounts, cancellation);
        var projected = (await QueryAsync<(short Partition, long Epoch, long Seq)>(connection, snapshot, PositionsSql, new { }, cancellation))
            .ToDictionary(row => (int)row.Partition, row => new JournalId(row.Epoch, row.Seq));
        var found = await ReadLedgerAsync(accounts, findings);
        await ReadNamedHoldsAsync(connection, snapshot, expected, found, cancellation);
        await snapshot.CommitAsync(cancellation);

        foreach (var partition in found.Where(pair => pair.Value.Version != expected[pair.Key].Version).GroupBy(pair => ledger.PartitionOf(pair.Key)).ToList())
            await LeadAsync(partition.Key, projected[partition.Key], partition.ToDictionary(), expected, patience, cancellation);
        foreach (var (account, fields) in found)
            Compare(account, expected[account], fields, findings);
    }

    private static async Task<Dictionary<Ulid, AccountFields>> ReadRecordsAsync(
        NpgsqlConnection connection, NpgsqlTransaction snapshot, Guid[] accounts, CancellationToken cancellation)
    {
        var expected = accounts.ToDictionary(Ulid.FromGuid, _ => new AccountFields());
        var parameters = new { Accounts = accounts };
        foreach (var row in await QueryAsync<(Guid Account, long Version, int OpenHolds, short Status)>(connection, snapshot, StatesSql, parameters, cancellation))
        {
            var fields = expected[Ulid.FromGuid(row.Account)];
            (fields.Version, fields.OpenHolds, fields.Status) = ((ulong)row.Version, row.OpenHolds, (AccountStatus)row.Status);
        }

        foreach (var row in await QueryAsync<(Guid Account, short Currency, long Posted, long Held, long CreditLimit)>(connection, snapshot, BalancesSql, parameters, cancellation))
            expected[Ulid.FromGuid(row.Account)].Balances[(ushort)row.Currency] = (row.Posted, row.Held, row.CreditLimit);
        foreach (var row in await QueryAsync<(Guid Account, int Ordinal, int Revision, short Status, short PinTries)>(connection, snapshot, CardsSql, parameters, cancellation))
            expected[Ulid.FromGuid(row.Account)].Cards[row.Ordinal] = (row.Revision, row.Status, row.PinTries);
        foreach (var row in await QueryAsync<LimitRow>(connection, snapshot, LimitsSql, parameters, cancellation))
            expected[Ulid.FromGuid(row.Account)].Limits[row.Ordinal] = row.Image;
        foreach (var row in await QueryAsync<HoldRow>(connection, snapshot, OpenHoldsSql, parameters, cancellation))
            expected[Ulid.FromGuid(row.Account)].Holds[Ulid.FromGuid(row.Key).Value] = row.Image;
        return expected;
    }

    private async Task<Dictionary<Ulid, AccountFields>> ReadLedgerAsync(Guid[] accounts, List<BooksFinding> findings)
    {
        var found = new Dictionary<Ulid, AccountFields>();
        var reads = accounts.Select(Ulid.FromGuid).Select(async account => (account, fields: await ledger.ReadAccountAsync(account))).ToList();
        foreach (var (account, fields) in await Task.WhenAll(reads))
        {
            var read = new AccountFields();
            foreach (var (name, value) in fields)
            {
                if (!read.TryPut(name, value))
                    Find("a field is of this layout", account, expected: 1, found: 0, findings);
            }

            if (fields.Count == 0)
                Find("the account is in Redis", account, expected: 1, found: 0, findings);
            else
                found.Add(account, read);
        }

        return found;
    }

    private static async Task ReadNamedHoldsAsync(
        NpgsqlConnection connection, NpgsqlTransaction snapshot, Dictionary<Ulid, AccountFields> expected, Dictionary<Ulid, AccountFields> found, CancellationToken cancellation)
    {
        var wanted = found.SelectMany(pair => pair.Value.Holds.Keys.Where(key => !expected[pair.Key].Holds.ContainsKey(key)).Select(key => (pair.Key, Key: key))).ToList();
        var parameters = new { Accounts = wanted.Select(item => item.Item1.ToGuid()).ToArray(), Keys = wanted.Select(item => new Ulid(item.Key).ToGuid()).ToArray() };
        foreach (var row in await QueryAsync<HoldRow>(connection, snapshot, NamedHoldsSql, parameters, cancellation))
            expected[Ulid.FromGuid(row.Account)].Holds[Ulid.FromGuid(row.Key).Value] = row.Image;
    }

    /// <summary>Leads accounts of one partition from the snapshot's version to the one that Redis told.</summary>
    private async Task LeadAsync(
        int partition, JournalId from, Dictionary<Ulid, AccountFields> found, Dictionary<Ulid, AccountFields> expected, TimeSpan patience, CancellationToken cancellation)
    {
        var end = await ledger.Journal.FindEndAsync(partition, cancellation);
        await WaitAsync(RecordedSql, partition, end, patience, cancellation);
        var range = new { Partition = (short)partition, from.Epoch, Seq = from.Sequence, ToEpoch = end.Epoch, ToSeq = end.Sequence };
        foreach (var payload in await database.ListAsync<byte[]>(JournalSql, range, cancellation))
            Lead(payload, found, expected);
    }

    private static void Lead(byte[] payload, Dictionary<Ulid, AccountFields> found, Dictionary<Ulid, AccountFields> expected)
    {
        var reader = new JournalReader(payload);
        while (reader.TryRead(out var section))
        {
            if (!found.TryGetValue(section.AccountId, out var target) || expected[section.AccountId].Version == target.Version)
                continue;
            foreach (var field in section)
                expected[section.AccountId].TryPut(field.Name, field.Value);
        }
    }

    private async Task WaitAsync(string positionSql, int partition, JournalId end, TimeSpan patience, CancellationToken cancellation)
    {
        for (var started = clock.GetTimestamp(); ;)
        {
            var (epoch, seq) = await database.FindAsync<(long Epoch, long Seq)>(positionSql, new { partition }, cancellation);
            if (new JournalId(epoch, seq) >= end)
                return;
            if (clock.GetElapsedTime(started) > patience)
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"Postgres has partition {partition} through {epoch}-{seq}, and Redis through {end}."));
            await Task.Delay(PollInterval, clock, cancellation);
        }
    }

    private static void Compare(Ulid account, AccountFields expected, AccountFields found, List<BooksFinding> findings)
    {
        void Check(string rule, int currency, long want, long have)
        {
            if (want != have && findings.Count < FindingsMax)
                findings.Add(new BooksFinding(rule, account.ToString(), currency, want, have));
        }

        Check("version is recorded", 0, (long)expected.Version, (long)found.Version);
        Check("status is recorded", 0, (long)expected.Status, (long)found.Status);
        Check("open holds are recorded", 0, expected.OpenHolds, found.OpenHolds);
        foreach (var currency in expected.Balances.Keys.Union(found.Balances.Keys))
        {
            var (want, have) = (expected.Balances.GetValueOrDefault(currency), found.Balances.GetValueOrDefault(currency));
            Check("posted is recorded", currency, want.Posted, have.Posted);
            Check("held is recorded", currency, want.Held, have.Held);
            Check("credit limit is recorded", currency, want.CreditLimit, have.CreditLimit);
        }

        foreach (var ordinal in expected.Cards.Keys.Union(found.Cards.Keys))
        {
            var (want, have) = (expected.Cards.GetValueOrDefault(ordinal), found.Cards.GetValueOrDefault(ordinal));
            Check("card status is recorded", 0, want.Status, have.Status);
            Check("card revision is recorded", 0, want.Revision, have.Revision);
            Check("PIN tries are recorded", 0, want.PinTries, have.PinTries);
        }

        foreach (var ordinal in expected.Limits.Keys.Union(found.Limits.Keys))
            Check("limits are recorded", 0, 1, expected.Limits.GetValueOrDefault(ordinal).AsSpan().SequenceEqual(found.Limits.GetValueOrDefault(ordinal)) ? 1 : 0);
        foreach (var (key, image) in found.Holds)
            Check("hold is recorded as it is", 0, 1, expected.Holds.TryGetValue(key, out var want) && want.AsSpan().SequenceEqual(image) ? 1 : 0);
        foreach (var (key, image) in expected.Holds)
            Check("what holds is in Redis", 0, 1, !AccountFields.IsHolding(image) || found.Holds.ContainsKey(key) ? 1 : 0);
    }

    private static async Task<IEnumerable<T>> QueryAsync<T>(NpgsqlConnection connection, NpgsqlTransaction snapshot, string sql, object parameters, CancellationToken cancellation) =>
        await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, snapshot, cancellationToken: cancellation));

    private sealed record LimitRow(Guid Account, int Ordinal, byte[] Image);

    private sealed record HoldRow(Guid Account, Guid Key, byte[] Image);
}
