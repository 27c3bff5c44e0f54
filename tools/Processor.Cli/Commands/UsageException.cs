namespace Processor.Cli.Commands;

/// <summary>What the caller asked for cannot be done as asked. The message is for the caller and names the place.</summary>
internal sealed class UsageException : Exception
{
    public UsageException()
    {
    }

    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
