namespace Processor.Cli.Simulation;

/// <summary>A file of messages is wrong; the message names the file, the line and the field, and shows no content.</summary>
internal sealed class SimFileException : Exception
{
    public SimFileException()
    {
    }

    public SimFileException(string message)
        : base(message)
    {
    }

    public SimFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
