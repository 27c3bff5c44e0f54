namespace Processor.Ledger;

/// <summary>What a node tells of who serves what.</summary>
/// <param name="Node">The node.</param>
/// <param name="IsCluster">False of a master that is in no Cluster.</param>
/// <param name="IsServing">Whether the Cluster serves, as far as it knows.</param>
/// <param name="Epoch">The latest change that it knows of.</param>
/// <param name="Assigned">Slots that it knows a master of.</param>
internal sealed record RedisView(RedisNode Node, bool IsCluster, bool IsServing, long Epoch, long Assigned);
