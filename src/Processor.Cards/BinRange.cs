namespace Processor.Cards;

/// <summary>A range of leading PAN digits that belongs to a program.</summary>
/// <param name="Low">First value, inclusive.</param>
/// <param name="High">Last value, inclusive.</param>
/// <param name="Digits">Number of leading digits that are compared, 6 to 8 (ISO/IEC 7812-1) and up to 11 for account ranges.</param>
/// <param name="PanLength">Length of the PANs of the range.</param>
public readonly record struct BinRange(ulong Low, ulong High, int Digits, int PanLength)
{
    /// <summary>True when the PAN is of this range.</summary>
    public bool Contains(Pan pan) => pan.Length == PanLength && pan.Leading(Digits) >= Low && pan.Leading(Digits) <= High;
}
