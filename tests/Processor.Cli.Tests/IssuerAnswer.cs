using Processor.Iso8583;

namespace Processor.Cli.Tests;

/// <summary>Answers one request.</summary>
/// <param name="request">The request, good until the method returns.</param>
/// <param name="response">Where the answer is written; its MTI is begun and the usual elements are echoed.</param>
/// <returns>False for no answer.</returns>
public delegate bool IssuerAnswer(in MessageView request, ref MessageWriter response);
