namespace Processor.Iso8583;

/// <summary>Where a request carries the verification value that is printed on the card: CVV2 or CVC2.</summary>
/// <param name="DataElement">The element to look at.</param>
/// <param name="Position">First character, counted from 1 as specifications do.</param>
public sealed record VerificationValueRule(int DataElement, int Position)
{
    /// <summary>The key of the part of the element that carries it; null for none.</summary>
    public string? Part { get; init; }

    /// <summary>Two digits that name it where the element's text is a row of tag(2) length(2) value; null where it is not.</summary>
    public string? Tag { get; init; }
}
