namespace Processor.Api;

/// <summary>What is wrong with one field.</summary>
/// <param name="Pointer">RFC 6901, into the request's body; the name of a query parameter or header after <c>?</c> or <c>#</c>.</param>
/// <param name="Code">Stable.</param>
/// <param name="Detail">A sentence for people.</param>
internal sealed record ProblemError(string Pointer, string Code, string Detail);
