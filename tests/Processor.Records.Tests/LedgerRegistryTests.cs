using Npgsql;
using Processor.Testing;
using Xunit;

namespace Processor.Records.Tests;

public sealed class LedgerRegistryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_first_host_makes_the_ledger_and_the_next_finds_it()
    {
        await using var records = await Records.CreateAsync(postgres);
        var registry = new LedgerRegistry(records.Database);

        var first = await registry.JoinAsync(3, CancellationToken.None);
        var next = await registry.JoinAsync(8, CancellationToken.None);

        Assert.Equal(3, first.Partitions.Count);
        Assert.All(first.Partitions, partition => Assert.Equal(new(1, IsStarted: false), partition));
        Assert.Equal(3, next.Partitions.Count);
        Assert.Equal((1, 2), (first.Writer, next.Writer));
    }

    [Fact]
    public async Task Hosts_that_join_at_once_get_numbers_of_their_own()
    {
        await using var records = await Records.CreateAsync(postgres);
        var registry = new LedgerRegistry(records.Database);

        var members = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => registry.JoinAsync(4, CancellationToken.None)));

        Assert.Equal(Enumerable.Range(1, 10), members.Select(member => member.Writer).Order());
    }

    [Fact]
    public async Task A_started_partition_is_known_as_such()
    {
        await using var records = await Records.CreateAsync(postgres);
        var registry = new LedgerRegistry(records.Database);
        await registry.JoinAsync(2, CancellationToken.None);

        await registry.MarkStartedAsync(1, CancellationToken.None);

        var member = await registry.JoinAsync(2, CancellationToken.None);
        Assert.Equal([false, true], member.Partitions.Select(partition => partition.IsStarted));
    }

    [Fact]
    public async Task Numbers_end_before_they_repeat()
    {
        await using var records = await Records.CreateAsync(postgres);
        var registry = new LedgerRegistry(records.Database);
        await registry.JoinAsync(1, CancellationToken.None);
        await records.DoAsync("update ledger set writer = 16777215");

        await Assert.ThrowsAsync<PostgresException>(() => registry.JoinAsync(1, CancellationToken.None));
    }
}
