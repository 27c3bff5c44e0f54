using System.Globalization;

namespace Processor.Testing;

/// <summary>
/// The seed of a random run: the one a test gives, or the one in the environment as <c>SEED</c>, so that
/// <c>SEED=20260101 tools/test Iso8583</c> replays a failure.
/// </summary>
public static class Seeds
{
    private const string Variable = "SEED";

    /// <summary>The seed to use.</summary>
    /// <param name="given">The seed that the test fixes; <c>SEED</c> replaces it.</param>
    /// <exception cref="FormatException"><c>SEED</c> is set and is not a 32-bit integer.</exception>
    public static int Choose(int given)
    {
        string? text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text))
            return given;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed)
            ? seed
            : throw new FormatException($"{Variable} is not a 32-bit integer.");
    }

    /// <summary>What to print when a run with this seed failed.</summary>
    public static string Message(int seed) =>
        string.Create(CultureInfo.InvariantCulture, $"{Variable}={seed} replays this run.");

    /// <summary>Runs the body with dice of the chosen seed.</summary>
    /// <exception cref="SeededRunException">The body failed; the message names the seed.</exception>
    public static void Run(int given, Action<Random> body)
    {
        int seed = Choose(given);
        try
        {
            body(new Random(seed));
        }
        catch (Exception exception)
        {
            throw new SeededRunException(seed, exception);
        }
    }

    /// <summary>As <see cref="Run"/>, for a body that waits.</summary>
    /// <exception cref="SeededRunException">The body failed; the message names the seed.</exception>
    public static async Task RunAsync(int given, Func<Random, Task> body)
    {
        int seed = Choose(given);
        try
        {
            await body(new Random(seed)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw new SeededRunException(seed, exception);
        }
    }
}
