namespace Processor.Testing;

/// <summary>A server that a test started did not become ready. The message ends with the server's last lines.</summary>
public sealed class ServerNotReadyException(string message) : Exception(message);
