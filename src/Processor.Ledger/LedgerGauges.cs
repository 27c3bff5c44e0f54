namespace Processor.Ledger;

/// <summary>How a host's ledger stands at a moment.</summary>
/// <param name="Partitions">Partitions of the ledger.</param>
/// <param name="Stopped">Those without a valid epoch.</param>
/// <param name="Lanes">Lanes of this host.</param>
/// <param name="Waiting">Operations that wait for their lane.</param>
/// <param name="NearAccounts">Accounts in memory.</param>
/// <param name="NearBytes">About what they take.</param>
/// <param name="RetainedBytes">Committed entries in memory that Postgres may not have yet.</param>
internal readonly record struct LedgerGauges(int Partitions, int Stopped, int Lanes, long Waiting, long NearAccounts, long NearBytes, long RetainedBytes);
