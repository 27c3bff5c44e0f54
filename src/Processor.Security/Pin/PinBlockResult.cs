namespace Processor.Security;

/// <summary>What became of a translation.</summary>
/// <param name="Status">Whether it was done.</param>
/// <param name="Block">The PIN block under the other key; of length 0 when it was not done.</param>
public readonly record struct PinBlockResult(HsmStatus Status, PinBlock Block = default);
