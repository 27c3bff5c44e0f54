using Processor.Iso8583;

namespace Processor.Cli.Network;

/// <summary>Where an issuer listens and how it speaks.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Dialect">How messages are written.</param>
/// <param name="Framing">How messages are told apart.</param>
internal sealed record Endpoint(string Host, int Port, Dialect Dialect, Framing Framing)
{
    /// <summary>Puts authentication codes into what is sent, and looks at those of the answers; null where there are none.</summary>
    public MessageSeal? Seal { get; init; }

    /// <summary>As <c>127.0.0.1:8583 (iso87-ascii)</c>.</summary>
    public override string ToString() => $"{Host}:{Port} ({Dialect.Name})";
}
