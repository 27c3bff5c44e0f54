namespace Processor.Security;

/// <summary>What became of a command for the chip.</summary>
/// <param name="Status">Whether it was made.</param>
/// <param name="Command">The whole command with its MAC of 8 bytes, the value of tag 86; empty when it was not made.</param>
public readonly record struct ScriptResult(HsmStatus Status, ReadOnlyMemory<byte> Command = default);
