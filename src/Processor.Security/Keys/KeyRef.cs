namespace Processor.Security;

/// <summary>The name of a key in the module. The key itself never leaves it.</summary>
/// <param name="Id">1 to 64 letters, digits, dots and hyphens, as configuration has it.</param>
/// <param name="Version">1 to 65535; 0 means the active one.</param>
public readonly record struct KeyRef(string Id, ushort Version = 0);
