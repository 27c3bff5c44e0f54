namespace Processor.Security;

/// <summary>What officers' work on the keys comes to.</summary>
/// <param name="Status">Whether it can be done.</param>
/// <param name="Key">The key as it is afterwards; null when there is none.</param>
/// <param name="Next">All keys afterwards; null when nothing changes.</param>
internal readonly record struct KeyChange(HsmStatus Status, KeyInfo? Key = null, KeyEntry[]? Next = null);
