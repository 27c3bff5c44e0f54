using System.Globalization;
using Processor.Testing;

namespace Processor.Bench;

/// <summary>The load generator as a process of its own: <c>processor load</c> of this tree.</summary>
internal static class LoadProgram
{
    /// <summary>TCP connections of every load, so that runs compare.</summary>
    public const int Connections = 8;

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(60);

    /// <summary>Keeps so many requests in flight on each connection.</summary>
    public static Task<LoadOutcome> RunClosedAsync(int port, double seconds, int window, params IEnumerable<string> more) =>
        RunAsync(port, seconds, 0, [.. more, "--window", window.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Sends each request when it is due, whatever the issuer does.</summary>
    public static Task<LoadOutcome> RunOpenAsync(int port, double seconds, double rate, params IEnumerable<string> more) =>
        RunAsync(port, seconds, rate, [.. more]);

    private static async Task<LoadOutcome> RunAsync(int port, double seconds, double rate, IReadOnlyList<string> more)
    {
        var json = Path.Combine(Path.GetTempPath(), $"processor-bench-{Environment.ProcessId}-{port}.json");
        try
        {
            var (exitCode, output, _) = await ChildProgram.RunAsync(
                [
                    Environment.ProcessPath ?? "dotnet",
                    RepositoryRoot.Path("tools", "Processor.Cli", "bin", "Release", "net10.0", "processor.dll"),
                    "load",
                    "--port", Text(port),
                    "--connections", Text(Connections),
                    "--seconds", Text(seconds),
                    "--rate", Text(rate),
                    "--json", json,
                    .. more,
                ],
                TimeSpan.FromSeconds(seconds) + Slack);
            return File.Exists(json)
                ? LoadOutcome.Read(json)
                : throw new InvalidOperationException($"processor load ended with {exitCode}: {output}");
        }
        finally
        {
            File.Delete(json);
        }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
