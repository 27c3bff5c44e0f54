using Microsoft.Extensions.Logging.Abstractions;
using Processor.Testing;
using Xunit;

namespace Processor.Records.Tests;

public sealed class PrunerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly TestClock clock = new();

    [Fact]
    public async Task Old_rows_go_and_young_ones_stay()
    {
        await using var records = await Records.CreateAsync(postgres);
        await records.DoAsync("""
            insert into program (id, name, time_zone, bin_ranges, hold_period, answers_verification_with_85, created_at)
            values (gen_random_uuid(), 'Demo', 'Europe/Lisbon', '[]', '7 days', true, @Now);
            insert into idempotency_key (program, key, request_hash, started_at, resource_type, resource_id)
            select 1, age::text, '', @Now - make_interval(days => age), 'card', gen_random_uuid() from generate_series(1, 20) as age;
            insert into outbox (partition, after_epoch, after_seq, through_epoch, through_seq, events, at)
            select 0, 1, age - 1, 1, age, 1, @Now - make_interval(days => 40 - age) from generate_series(1, 20) as age;
            """, new { Now = clock.Now.UtcDateTime });

        Assert.Equal(13 + 9, await PruneAsync(records));

        Assert.Equal(7, await records.AskAsync<int>("select count(*)::integer from idempotency_key"));
        Assert.Equal(11, await records.AskAsync<int>("select count(*)::integer from outbox"));
        Assert.Equal(0, await PruneAsync(records));
    }

    [Fact]
    public async Task A_hold_that_still_holds_stays_whatever_its_age()
    {
        await using var records = await Records.CreateAsync(postgres);
        var account = new TestAccount(1).Open(100_00);
        account.Authorize(1, 5_00);
        account.Authorize(2, 6_00);
        account.Reverse(2);
        await records.ProjectAsync(account.Commit());
        clock.Now += TimeSpan.FromDays(1000);

        Assert.True(await PruneAsync(records) > 0);

        Assert.Equal([5_00L], await records.ListAsync<long>("select held from hold"));
        Assert.Empty(await new BooksCheck(records.Database).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task More_rows_than_one_statement_deletes_all_go()
    {
        await using var records = await Records.CreateAsync(postgres);
        const int Count = (Pruner.RowsMax * 2) + 1;
        await records.DoAsync("""
            insert into outbox (partition, after_epoch, after_seq, through_epoch, through_seq, events, at)
            select 0, 1, number - 1, 1, number, 1, @Now - interval '1 year' from generate_series(1, @Count) as number
            """, new { Now = clock.Now.UtcDateTime, Count });

        Assert.Equal(Count, await PruneAsync(records));
    }

    private async Task<int> PruneAsync(Records records)
    {
        using var pruner = new Pruner(records.Database, records.Settings, clock, NullLogger<Pruner>.Instance);
        return await pruner.RunAsync(CancellationToken.None);
    }
}
