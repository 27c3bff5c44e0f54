namespace Processor.Authorization.Tests;

/// <summary>One line of a scenario.</summary>
/// <param name="Line">Its number in the file.</param>
/// <param name="Words">What is asked.</param>
/// <param name="Answer">What must be answered.</param>
/// <param name="After">What must hold afterwards.</param>
public sealed record ScenarioStep(int Line, IReadOnlyList<string> Words, string Answer, IReadOnlyDictionary<string, string> After);
