namespace Processor.Cards;

/// <summary>What became of each credential of a message, four bits for each kind.</summary>
/// <param name="Packed">The lowest four bits are those of the first kind. Zero when nothing came.</param>
public readonly record struct CredentialChecks(uint Packed)
{
    private const int Width = 4;
    private const uint Mask = 0xF;

    /// <summary>What one credential came to.</summary>
    public CheckResult this[CredentialKind kind] => (CheckResult)((Packed >> (Width * (int)kind)) & Mask);

    /// <summary>The same with one credential's result.</summary>
    public CredentialChecks With(CredentialKind kind, CheckResult result)
    {
        var place = Width * (int)kind;
        return new((Packed & ~(Mask << place)) | ((uint)result << place));
    }
}
