namespace Processor.Ledger;

/// <summary>A field of a hash.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, which is the caller's.</param>
internal readonly record struct RedisField(byte[] Name, byte[] Value);
