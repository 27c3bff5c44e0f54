using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Cards;
using Processor.Testing;
using StackExchange.Redis;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>The commit script on a real Redis, with batches packed as the ledger packs them.</summary>
public sealed class CommitScriptTests : IAsyncLifetime
{
    private const int Partition = 0;
    private const int Writer = 1;

    private readonly IdSource ids = new(Writer, Partition);
    private LocalRedis redis = null!;
    private RedisLink link = null!;
    private byte[] script = [];
    private RespReply reply;
    private long batchNumber;
    private long known;
    private int room = 1_000_000;

    public async Task InitializeAsync()
    {
        redis = await LocalRedis.StartOwnAsync();
        link = await RedisLink.ConnectAsync(redis.ConnectionString, TimeProvider.System);
        await link.SetFieldAsync(RedisNames.Meta(Partition), "epoch", "1", onlyNew: true);
        script = (await link.LoadScriptAsync(RedisNames.Meta(Partition), run: "", owner: "test")).Script;
    }

    public async Task DisposeAsync()
    {
        link.Dispose();
        await redis.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(499)]
    [InlineData(5_000)]
    public async Task Any_number_of_holds_is_written_and_removed_in_one_call(int count)
    {
        var account = Open();
        await CommitAsync(account);
        var fields = (await link.ReadHashAsync(account.RedisKey)).Length;

        for (var index = 1; index <= count; index++)
            account.AddHold((UInt128)index, new HoldRecord { State = HoldState.Released, ExpiresAt = long.MaxValue });
        await CommitAsync(account);
        var added = (await link.ReadHashAsync(account.RedisKey)).Length;
        for (var index = 1; index <= count; index++)
            account.Holds.Remove(account.FindHold((UInt128)index));
        await CommitAsync(account);

        Assert.Equal(fields + count, added);
        Assert.Equal(fields, (await link.ReadHashAsync(account.RedisKey)).Length);
        Assert.Equal(3, await link.StreamLengthAsync(RedisNames.Journal(Partition)));
    }

    [Theory]
    [InlineData("return { '1', {}, '{p0}:acct:another' }")]
    [InlineData("return { '1', 'OK', '{p0}:acct:wanted' }")]
    [InlineData("return { '1' }")]
    [InlineData("return 7")]
    public async Task What_is_no_answer_to_the_account_that_was_asked_for_is_not_believed_and_the_line_is_given_up(string answering)
    {
        await link.EvaluateAsync(answering, [RedisNames.Meta(Partition)], []);
#pragma warning disable CA5350 // Redis names scripts so.
        var hash = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(answering))));
#pragma warning restore CA5350
        using var watching = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var before = await ConnectionsAsync();

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => link.ReadAccountAsync(hash, RedisNames.Meta(Partition), "{p0}:acct:wanted"));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await ConnectionsAsync() < before + 2)
            await Task.Delay(5, patience.Token);

        async Task<long> ConnectionsAsync() => long.Parse(
            RedisPromise.ValueOf((string)(await watching.GetDatabase().ExecuteAsync("INFO", "stats"))!, "total_connections_received")!, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Of_a_batch_only_the_accounts_without_conflict_are_written_and_told_in_the_journal()
    {
        AccountAggregate[] accounts = [Open(), Open(), Open()];
        await CommitAsync(accounts);
        var before = accounts[1].Version;
        foreach (var account in accounts)
            account.Post(Currency.Eur.Numeric, 5);
        accounts[1].SetVersion(12_345);

        var reply = await SendAsync(accounts);

        Assert.Equal(CommitReplyKind.Conflict, reply.Kind);
        Assert.Equal("1", (string?)reply.Parts![2]);
        Assert.Equal(before, await VersionAsync(accounts[1]));
        Assert.Equal(accounts[2].Version, await VersionAsync(accounts[2]));
        var entries = await link.ReadStreamAsync(RedisNames.Journal(Partition), JournalId.Zero, count: 10);
        Assert.Equal([accounts[0].Id, accounts[2].Id], Accounts(entries[^1].Payload.ToArray()));
    }

    [Fact]
    public async Task The_same_batch_again_is_told_its_first_outcome_and_entry()
    {
        var account = Open();
        var first = await SendAsync(account);
        batchNumber--;

        var again = await SendAsync(account);

        Assert.Equal((CommitReplyKind.Committed, "1-0"), (first.Kind, first.Entry));
        Assert.Equal((CommitReplyKind.Committed, "1-0"), (again.Kind, again.Entry));
        Assert.Equal(1, await link.StreamLengthAsync(RedisNames.Journal(Partition)));
    }

    [Fact]
    public async Task What_Redis_answered_to_another_call_is_not_believed()
    {
        await CommitAsync(Open());
        var committed = reply;
        known = batchNumber + 1;
        Assert.Equal(CommitReplyKind.Rewound, (await SendAsync(Open())).Kind);

        foreach (var (answer, number) in new[] { (committed, batchNumber - 1), (reply, batchNumber) })
        {
            CommitReply.Read(answer, "w1", number);
            Assert.Throws<InvalidOperationException>(() => CommitReply.Read(answer, "w1", number + 1));
            Assert.Throws<InvalidOperationException>(() => CommitReply.Read(answer, "w11", number));
            Assert.Throws<InvalidOperationException>(() => CommitReply.Read(answer, "w", number));
        }

        Assert.Throws<InvalidOperationException>(() => CommitReply.Read(default, "w1", batchNumber));
    }

    [Fact]
    public async Task A_late_copy_of_a_call_that_found_no_room_does_not_run()
    {
        var account = Open();
        room = 0;
        var first = await SendAsync(account);
        batchNumber--;
        room = 1_000_000;

        var copy = await SendAsync(account);

        Assert.Equal((CommitReplyKind.JournalFull, CommitReplyKind.JournalFull), (first.Kind, copy.Kind));
        Assert.Equal(0, await link.StreamLengthAsync(RedisNames.Journal(Partition)));
    }

    [Fact]
    public async Task Of_an_account_with_more_fields_than_a_script_takes_at_once_a_conflict_gives_the_head_alone()
    {
        var account = Open();
        for (ulong card = 1; card <= 2_500; card++)
            account.AddCard(new CardRecord { CardId = new Ulid(card) });
        await CommitAsync(account);
        account.Post(Currency.Eur.Numeric, 5);
        account.SetVersion(12_345);

        var reply = await SendAsync(account);

        Assert.Equal(CommitReplyKind.Conflict, reply.Kind);
        var fields = ((RespReply[])reply.Parts![3]!).Select(field => (string)field!).ToArray();
        Assert.Equal((3, "a", "part"), (fields.Length, fields[0], fields[2]));
    }

    [Fact]
    public async Task A_Redis_that_does_not_know_a_batch_that_surely_ran_takes_no_other()
    {
        var account = Open();
        await CommitAsync(account);
        known = batchNumber;
        await link.EvaluateAsync("return redis.call('DEL', KEYS[1])", [RedisNames.Meta(Partition)], []);
        await link.SetFieldAsync(RedisNames.Meta(Partition), "epoch", "1", onlyNew: true);

        account.Post(Currency.Eur.Numeric, 5);
        var reply = await SendAsync(account);

        Assert.Equal(CommitReplyKind.Rewound, reply.Kind);
        Assert.Equal(1, await link.StreamLengthAsync(RedisNames.Journal(Partition)));
    }

    [Fact]
    public async Task A_hold_that_the_writer_did_not_know_is_a_conflict()
    {
        var account = Open();
        account.AddHold(7, new HoldRecord { State = HoldState.Noted });
        await CommitAsync(account);
        var partial = new AccountAggregate(account.Id, Partition);
        foreach (var field in await link.ReadHashAsync(account.RedisKey))
        {
            if (field.Name[0] != (byte)'h')
                Assert.True(partial.TryLoad(field.Name, field.Value));
        }

        partial.AddHold(7, new HoldRecord { State = HoldState.Noted });

        Assert.Equal(CommitReplyKind.Conflict, (await SendAsync(partial)).Kind);
    }

    [Fact]
    public async Task Who_met_a_conflict_has_the_account_for_a_moment_and_gives_it_back_with_its_commit()
    {
        var account = Open();
        await CommitAsync(account);
        var right = account.Version;
        account.Post(Currency.Eur.Numeric, 5);
        account.SetVersion(12_345);
        Assert.Equal("0", (string?)(await SendAsync("w2", account)).Parts![2]);
        account.SetVersion(right);

        var other = await SendAsync("w3", account);
        account.SetVersion(right);
        var claimant = await SendAsync("w2", account);

        Assert.Equal(CommitReplyKind.Conflict, other.Kind);
        Assert.Equal("claimed", (string?)Assert.Single((RespReply[])other.Parts![3]!));
        Assert.Equal(CommitReplyKind.Committed, claimant.Kind);
        Assert.True((await link.ReadFieldAsync(RedisNames.Meta(Partition), "claims")).IsNull);
    }

    [Fact]
    public async Task A_claim_that_is_not_used_ends_by_itself()
    {
        var account = Open();
        await CommitAsync(account);
        var right = account.Version;
        account.Post(Currency.Eur.Numeric, 5);
        account.SetVersion(12_345);
        await SendAsync("w2", account);
        account.SetVersion(right);
        Assert.False((await link.ReadFieldAsync(RedisNames.Meta(Partition), "claims")).IsNull);

        // Nobody but Redis knows its clock, so the other host tries until the claim has ended.
        var tries = 1;
        while ((await SendAsync("w3", account)).Kind != CommitReplyKind.Committed)
        {
            account.SetVersion(right);
            Assert.True(++tries < 100_000, "The claim did not end.");
        }
    }

    [Fact]
    public async Task A_batch_that_ran_is_not_taken_for_refused_when_the_waiting_for_replicas_is()
    {
        using var nodes = await RedisNodes.ConnectAsync(RedisConfiguration.Parse(redis.ConnectionString), TimeProvider.System, NullLogger.Instance);
        await nodes.CallAnyAsync(RespWriter.Write("ACL", "SETUSER", "ledger", "on", "nopass", "~*", "+@all", "-wait"));
        link.Dispose();
        link = await RedisLink.ConnectAsync(redis.ConnectionString + ",user=ledger,password=any", TimeProvider.System, replicas: 1);

        var problem = await Assert.ThrowsAsync<NotReplicatedException>(() => SendAsync(Open()));

        Assert.StartsWith("Whether 1 replicas have the batch is not known: NOPERM", problem.Message, StringComparison.Ordinal);
        Assert.Equal(1, await link.StreamLengthAsync(RedisNames.Journal(Partition)));
    }

    private static AccountAggregate Open()
    {
        var account = new AccountAggregate(Ulid.Create(TimeProvider.System), Partition);
        account.Open(program: 1, Currency.Eur.Numeric, creditLimit: 0);
        return account;
    }

    private static List<Ulid> Accounts(byte[] payload)
    {
        var accounts = new List<Ulid>();
        var reader = new JournalReader(payload);
        while (reader.TryRead(out var section))
            accounts.Add(section.AccountId);
        Assert.False(reader.IsDamaged);
        return accounts;
    }

    private async Task<ulong> VersionAsync(AccountAggregate account) =>
        BitConverter.ToUInt64((byte[])(await link.ReadFieldAsync(account.RedisKey, "a"))!);

    private async Task CommitAsync(params AccountAggregate[] accounts)
    {
        Assert.Equal(CommitReplyKind.Committed, (await SendAsync(accounts)).Kind);
        foreach (var account in accounts)
            account.ClearChanges();
    }

    private Task<CommitReply> SendAsync(params AccountAggregate[] accounts) => SendAsync("w1", accounts);

    private async Task<CommitReply> SendAsync(string writer, params AccountAggregate[] accounts)
    {
        var call = new CommitCall(RedisNames.Meta(Partition), RedisNames.Journal(Partition), writer);
        call.Begin(accounts.Length);
        foreach (var account in accounts)
            call.Add(account, ids.NextVersion(), wantsEveryField: false);
        call.End(epoch: 1, ++batchNumber, known, room);
        call.Use(script);
        reply = await link.CommitAsync(call);
        return CommitReply.Read(reply, writer, batchNumber);
    }
}
