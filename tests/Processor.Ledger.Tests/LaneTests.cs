using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Cards;
using Processor.Testing;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>Partitions of one lane.</summary>
public sealed class LaneTests
{
    private const int Partitions = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_master_that_stands_still_holds_up_its_own_partitions_alone()
    {
        await using var cluster = await LocalRedisCluster.StartAsync();
        await using var host = await Ledger<Moves>.OpenAsync(
            new LedgerSettings { Redis = cluster.ConnectionString, Partitions = Partitions, Lanes = 1 },
            new Registry(), new Past(), recovery: null, default, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        var still = await Move.OpenAsync(host);
        var other = await Move.OpenAsync(host);

        // A partition that the round has passed when the other one's turn begins.
        while (PartitionOf(other) >= PartitionOf(still) || await OwnerOfAsync(cluster, other) == await OwnerOfAsync(cluster, still))
            (still, other) = (other, await Move.OpenAsync(host));
        Move first = Hold(still), second = Hold(other);
        var master = cluster.Nodes[await OwnerOfAsync(cluster, still)];

        master.Pause();
        host.Submit(first);
        await UntilAsync(() => IsInTurn(host, still));
        host.Submit(second);

        Assert.Equal(CommitOutcome.Committed, await second.Outcome.WaitAsync(Patience));
        Assert.False(first.Outcome.IsCompleted);
        master.Continue();
        Assert.Equal(CommitOutcome.Committed, await first.Outcome.WaitAsync(Patience));
    }

    private static Move Hold(Ulid account) => new() { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 7 };

    private static Task<int> OwnerOfAsync(LocalRedisCluster cluster, Ulid account) => cluster.OwnerOfAsync(RedisSlot.Of(RedisNames.Meta(PartitionOf(account))));

    private static int PartitionOf(Ulid account) => RedisNames.PartitionOf(account, Partitions);

    private static bool IsInTurn(Ledger<Moves> host, Ulid account) => host.Describe()
        .Split(Environment.NewLine)
        .Single(line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"partition {PartitionOf(account)} "), StringComparison.Ordinal))
        .Contains("waiting 0, in turn True", StringComparison.Ordinal);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!isSo())
            await Task.Delay(1, patience.Token);
    }
}
