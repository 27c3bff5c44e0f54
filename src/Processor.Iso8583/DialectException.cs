namespace Processor.Iso8583;

/// <summary>A dialect file is wrong; the message names the file, the data element and the key.</summary>
public sealed class DialectException : Exception
{
    public DialectException()
    {
    }

    public DialectException(string message)
        : base(message)
    {
    }

    public DialectException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
