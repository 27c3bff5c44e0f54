namespace Processor.Ledger;

/// <summary>A run of Redis that was looked at and found to have everything, and the scripts that only it knows: what comes through them is from
/// that run.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Commit">Writes a batch.</param>
/// <param name="Read">Reads an account.</param>
internal sealed record Admission(string Run, byte[] Commit, byte[] Read);
