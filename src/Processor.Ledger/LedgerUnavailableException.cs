namespace Processor.Ledger;

/// <summary>Redis did not answer, or refused; whether anything happened there is not known.</summary>
public sealed class LedgerUnavailableException : Exception
{
    /// <summary>Says what was tried.</summary>
    public LedgerUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was tried, and what was reported.</summary>
    public LedgerUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
