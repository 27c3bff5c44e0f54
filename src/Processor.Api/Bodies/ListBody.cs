namespace Processor.Api;

/// <summary>One page of a list.</summary>
/// <param name="Data">Newest first.</param>
/// <param name="HasMore">True when the list goes on in the direction of the page.</param>
/// <param name="NextCursor">What to send as <c>starting_after</c> for the next page; null at the end of the list.</param>
internal sealed record ListBody<T>(IReadOnlyList<T> Data, bool HasMore, string? NextCursor);
