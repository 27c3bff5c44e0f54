namespace Processor.Records;

/// <summary>A place where the books do not agree.</summary>
/// <param name="Rule">Which rule is broken, as <c>journal sums to zero</c>.</param>
/// <param name="Subject">The account, event or partition.</param>
/// <param name="Currency">ISO 4217 numeric code; 0 where none is concerned.</param>
/// <param name="Expected">What the rule asks for: minor units, or a count.</param>
/// <param name="Found">What is there.</param>
public sealed record BooksFinding(string Rule, string Subject, int Currency, long Expected, long Found)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rule}: {Subject}, currency {Currency}: expected {Expected}, found {Found}";
}
