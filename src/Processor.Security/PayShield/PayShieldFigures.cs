namespace Processor.Security;

/// <summary>How the connections to a payShield are doing.</summary>
/// <param name="OpenLines">Connections that are open now.</param>
/// <param name="LostLines">Connections that ended or could not be made.</param>
/// <param name="LateAnswers">Answers that came after their timeout and were thrown away.</param>
/// <param name="MalformedAnswers">Answers that could not be read, or that nobody asked for.</param>
/// <param name="BreakerOpenings">How often the breaker opened.</param>
/// <param name="IsBreakerOpen">Whether the device is not asked now.</param>
public readonly record struct PayShieldFigures(
    long OpenLines,
    long LostLines,
    long LateAnswers,
    long MalformedAnswers,
    long BreakerOpenings,
    bool IsBreakerOpen);
