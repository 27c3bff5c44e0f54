namespace Processor.Security;

/// <summary>Whether a key may leave the module in a key block: byte 11 of its header (ANSI X9.143).</summary>
public enum KeyExportability : byte
{
    None = 0,

    /// <summary>Under a key that was itself given to the module in a key block or as components.</summary>
    Exportable = (byte)'E',

    /// <summary>Never.</summary>
    NonExportable = (byte)'N',

    /// <summary>Under any key encryption key. This module treats it as <see cref="Exportable"/>.</summary>
    Sensitive = (byte)'S',
}
