using System.Diagnostics;

namespace Processor.EndToEnd.Tests;

/// <summary>Waits for what another process is about to do.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks again and again until it is so.</summary>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="patience">How long to look.</param>
    /// <param name="isSo">The look.</param>
    /// <exception cref="TimeoutException">It did not come to be so.</exception>
    internal static async Task IsAsync(string what, TimeSpan patience, Func<Task<bool>> isSo)
    {
        var waited = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (waited.Elapsed > patience)
                throw new TimeoutException($"Not within {patience.TotalSeconds:0} s: {what}.");
            await Task.Delay(Interval);
        }
    }
}
