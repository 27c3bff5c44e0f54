namespace Processor.Security;

/// <summary>What became of an export.</summary>
/// <param name="Status">Whether it was done.</param>
/// <param name="Block">The key block as ASCII; empty when nothing was done.</param>
public readonly record struct KeyBlockResult(HsmStatus Status, ReadOnlyMemory<byte> Block = default);
