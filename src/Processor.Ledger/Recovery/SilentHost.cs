namespace Processor.Ledger;

/// <summary>A host that Postgres does not hear of, and of which nobody knows what it committed last in a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Writer">The host.</param>
/// <param name="SeenAt">When Postgres saw it last, by its own clock. A host that is seen again is another case.</param>
public readonly record struct SilentHost(int Partition, int Writer, DateTime SeenAt);
