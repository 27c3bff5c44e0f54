using System.Collections.Immutable;

namespace Processor.Iso8583;

/// <summary>Where a request says that its terminal can take less than it asked for.</summary>
/// <param name="DataElement">The element to look at.</param>
/// <param name="Position">Position of the character, counted from 1 as specifications do.</param>
/// <param name="Values">The ASCII characters that mean yes.</param>
public sealed record PartialApprovalRule(int DataElement, int Position, ImmutableArray<byte> Values)
{
    /// <summary>The key of the part of the element in which the position counts; null for the element itself.</summary>
    public string? Part { get; init; }
}
