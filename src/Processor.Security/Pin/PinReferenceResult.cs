namespace Processor.Security;

/// <summary>What became of making a reference to check a PIN against.</summary>
/// <param name="Status">Whether it was made.</param>
/// <param name="Reference">The reference, to be kept with the card; the default value when it was not made.</param>
public readonly record struct PinReferenceResult(HsmStatus Status, PinReference Reference = default);
