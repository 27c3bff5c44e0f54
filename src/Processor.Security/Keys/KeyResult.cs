namespace Processor.Security;

/// <summary>What became of work on a key.</summary>
/// <param name="Status">Whether it was done.</param>
/// <param name="Key">The key as it is now; null when nothing was done.</param>
public readonly record struct KeyResult(HsmStatus Status, KeyInfo? Key = null);
