using Processor.Authorization;

namespace Processor.Api;

/// <summary>A card's PIN was not taken; the card was not made.</summary>
/// <param name="result">Why.</param>
public sealed class PinRefusedException(PinIssueResult result) : Exception($"A PIN was answered {result}.")
{
    /// <summary>Why.</summary>
    public PinIssueResult Result { get; } = result;
}
