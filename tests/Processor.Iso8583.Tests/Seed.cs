using System.Globalization;

namespace Processor.Iso8583.Tests;

/// <summary>The seed of random tests: from <c>SEED</c>, or always the same.</summary>
internal static class Seed
{
    public static int Value { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("SEED"), CultureInfo.InvariantCulture, out int seed)
            ? seed
            : 20260101;
}
