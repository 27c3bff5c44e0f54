using Microsoft.Extensions.Logging.Abstractions;
using Processor.Ledger;
using Processor.Testing;
using StackExchange.Redis;
using Xunit;

namespace Processor.Records.Tests;

/// <summary>The recorder on streams of a real Redis, written as the commit script writes them.</summary>
public sealed class RedisJournalTests(PostgresFixture postgres, RedisFixture redis) : IClassFixture<PostgresFixture>, IClassFixture<RedisFixture>
{
    [Fact]
    public async Task A_stream_of_redis_is_recorded_from_its_first_entry_and_trimmed()
    {
        await using var records = await Records.CreateAsync(postgres);
        await new LedgerRegistry(records.Database).JoinAsync(1, CancellationToken.None);
        using var link = await RedisLink.ConnectAsync(redis.ConnectionString, TimeProvider.System);
        using var writer = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var journal = new RedisJournal(link, [.. Enumerable.Range(0, 1).Select(_ => new RetainedJournal())]);
        using var recorder = new JournalRecorder(
            journal, records.Database, records.Settings, records.Metrics, new TestClock(), NullLogger<JournalRecorder>.Instance);

        await recorder.StepAsync(CancellationToken.None);
        for (byte item = 1; item <= 3; item++)
        {
            await writer.GetDatabase().ExecuteAsync("XADD", (RedisKey)RedisNames.Journal(0), "1-*", "e", new byte[] { item });
            await recorder.StepAsync(CancellationToken.None);
        }

        Assert.Equal([[1], [2], [3]], await records.ListAsync<byte[]>("select payload from journal order by epoch, seq"));
        Assert.Empty(await journal.ReadAsync(0, JournalId.Zero, 10, CancellationToken.None));
        Assert.Equal(new JournalId(1, 2), await journal.FindEndAsync(0, CancellationToken.None));
    }
}
