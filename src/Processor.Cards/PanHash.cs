namespace Processor.Cards;

/// <summary>The keyed hash under which a PAN is looked up: the first 128 bits of HMAC-SHA-256 over its ASCII digits.</summary>
/// <remarks>Only the vault in <c>Processor.Security</c> makes one; without its key the hash leads back to no PAN.</remarks>
public readonly record struct PanHash(UInt128 Value)
{
    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
