using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>A PIN that was taken, or why not.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="Pin">For the card's record.</param>
/// <param name="ForChip">The data of an order that changes the PIN in the chip, under a key of the module; empty where chips have none.</param>
public readonly record struct PinIssue(PinIssueResult Result, CardPin Pin = default, ReadOnlyMemory<byte> ForChip = default)
{
    /// <inheritdoc/>
    public override string ToString() => $"PinIssue {Result} ****";
}
