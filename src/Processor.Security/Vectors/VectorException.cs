namespace Processor.Security.Vectors;

/// <summary>A test vector cannot be computed. The message names an input and never a value of it.</summary>
internal sealed class VectorException(string message) : Exception(message);
