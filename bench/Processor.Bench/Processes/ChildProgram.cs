using System.Diagnostics;

namespace Processor.Bench;

/// <summary>A program that is started, waited for, and ended when it takes too long.</summary>
internal static class ChildProgram
{
    /// <summary>Runs it to its end.</summary>
    /// <returns>Exit code, what it printed, and the CPU seconds that it used.</returns>
    /// <exception cref="TimeoutException">It took longer than the patience, and was ended.</exception>
    public static async Task<(int ExitCode, string Output, double CpuSeconds)> RunAsync(IReadOnlyList<string> command, TimeSpan patience)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        var before = ProcessTree.EndedChildrenCpuSeconds();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', command)} did not end within {patience.TotalSeconds} s.");
        }

        return (process.ExitCode, await output + await error, ProcessTree.EndedChildrenCpuSeconds() - before);
    }
}
