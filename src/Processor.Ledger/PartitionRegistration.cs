namespace Processor.Ledger;

/// <summary>What Postgres knows of a partition.</summary>
/// <param name="Epoch">1 for a new one; raised when Redis lost its state.</param>
/// <param name="IsStarted">True when its metadata were once written to Redis.</param>
public readonly record struct PartitionRegistration(long Epoch, bool IsStarted);
