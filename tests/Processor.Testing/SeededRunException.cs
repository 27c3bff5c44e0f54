namespace Processor.Testing;

/// <summary>A random run failed. The message says which seed replays it, then what went wrong.</summary>
public sealed class SeededRunException : Exception
{
    /// <param name="seed">The seed in use, from the test or from <c>SEED</c>.</param>
    /// <param name="cause">What the run threw.</param>
    public SeededRunException(int seed, Exception cause)
        : base($"{Seeds.Message(seed)} {cause.Message}", cause) => Seed = seed;

    public int Seed { get; }
}
