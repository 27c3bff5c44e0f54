namespace Processor.Security;

/// <summary>What became of making a card value.</summary>
/// <param name="Status">Whether it was made.</param>
/// <param name="Value">The digits; none when it was not made.</param>
public readonly record struct CardValueResult(HsmStatus Status, SecretDigits Value = default);
