namespace Processor.Iso8583;

/// <summary>What the written length of an element counts.</summary>
public enum LengthUnit : byte
{
    /// <summary>What its format counts: digits or characters, bytes for <c>b</c>.</summary>
    Format,

    /// <summary>Bytes on the wire: half the digits in BCD, twice the bytes in hexadecimal text.</summary>
    Bytes,

    /// <summary>Nibbles: digits in BCD, twice the bytes of a <c>b</c> element.</summary>
    Nibbles,
}
