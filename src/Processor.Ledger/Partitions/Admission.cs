namespace Processor.Ledger;

/// <summary>A run of Redis that was looked at and found to have everything, and the script that only it knows: what comes through it is from
/// that run.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Script">Writes a batch, or reads an account.</param>
internal sealed record Admission(string Run, byte[] Script);
