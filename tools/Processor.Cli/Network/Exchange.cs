using Processor.Iso8583;

namespace Processor.Cli.Network;

/// <summary>A request and what came back.</summary>
/// <param name="Request">The request as it was sent.</param>
/// <param name="RequestFrame">Its bytes, without the frame length.</param>
/// <param name="Response">The answer; null when none came in time or it cannot be read.</param>
/// <param name="ResponseFrame">The answer's bytes; null when none came.</param>
/// <param name="SealProblem">What is wrong with the answer's authentication code; null when nothing is, or none is looked for.</param>
/// <param name="Latency">From just before the request was sent until its answer had been received, or until patience ended.</param>
internal sealed record Exchange(
    Iso8583Message Request, byte[] RequestFrame, Iso8583Message? Response, byte[]? ResponseFrame, string? SealProblem, TimeSpan Latency);
