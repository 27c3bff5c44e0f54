using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Processor.Testing;
using Xunit;

namespace Processor.Records.Tests;

public sealed class MigratorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Migration First = new(1, "first", "create table first (x int)");
    private static readonly Migration Second = new(2, "second", "create table second (x int)");

    [Fact]
    public async Task Migrating_twice_changes_nothing()
    {
        await using var records = await Records.CreateEmptyAsync(postgres);

        Assert.Equal(Migration.All().Count, await records.MigrateAsync());
        Assert.Equal(0, await records.MigrateAsync());
    }

    [Fact]
    public async Task Hosts_that_start_at_once_apply_each_migration_once()
    {
        await using var records = await Records.CreateEmptyAsync(postgres);

        var applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => records.MigrateAsync()));

        Assert.Equal(Migration.All().Count, applied.Sum());
        Assert.Single(applied, count => count > 0);
    }

    [Fact]
    public async Task A_landed_migration_that_was_edited_is_refused()
    {
        await using var records = await Records.CreateEmptyAsync(postgres);
        await ApplyAsync(records, First);

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(records, First with { Sql = First.Sql + " " }, Second));

        Assert.Contains("Migration 1 (first)", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await records.AskAsync<string?>("select to_regclass('second')::text"));
    }

    [Fact]
    public async Task Line_ends_are_no_edit()
    {
        await using var records = await Records.CreateEmptyAsync(postgres);
        await ApplyAsync(records, First with { Sql = "create table first (\n x int)" });

        Assert.Equal(0, await ApplyAsync(records, First with { Sql = "create table first (\r\n x int)" }));
    }

    [Fact]
    public async Task A_database_of_a_later_version_is_refused()
    {
        await using var records = await Records.CreateEmptyAsync(postgres);
        await ApplyAsync(records, First, Second);

        await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(records, First));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_and_is_tried_again()
    {
        await using var records = await Records.CreateEmptyAsync(postgres);
        var broken = Second with { Sql = "create table second (x int); select 1 / 0" };

        await Assert.ThrowsAsync<PostgresException>(() => ApplyAsync(records, First, broken));

        Assert.Null(await records.AskAsync<string?>("select to_regclass('second')::text"));
        Assert.Equal(1, await ApplyAsync(records, First, Second));
    }

    private static Task<int> ApplyAsync(Records records, params Migration[] migrations) =>
        new Migrator(records.Database, NullLogger<Migrator>.Instance).ApplyAsync(migrations, CancellationToken.None);
}
