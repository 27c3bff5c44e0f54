using System.Globalization;

namespace Processor.Security.Tests;

/// <summary>How long runs of damage are: <c>PROCESSOR_MUTATIONS=1000000 tools/test Security</c> makes each as long as it says.</summary>
internal static class Mutations
{
    private const string Variable = "PROCESSOR_MUTATIONS";

    internal static int Count(int usual)
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text))
            return usual;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new FormatException($"{Variable} is no positive integer.");
    }
}
