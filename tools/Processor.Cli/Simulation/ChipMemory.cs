using System.Globalization;

namespace Processor.Cli.Simulation;

/// <summary>What the chips of the demo cards remember between runs: how far their transaction counters are. One number for all of them, in a
/// file of this user, because an issuer takes no counter twice.</summary>
/// <param name="path">The file; made when it is missing.</param>
internal sealed class ChipMemory(string path)
{
    private const int CounterMax = ushort.MaxValue;
    private const int TriesMax = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>The file where none is named: in the folder of the demo's data, so that both begin anew together.</summary>
    public static string DefaultPath =>
        Path.Combine(Environment.GetEnvironmentVariable("PROCESSOR_DATA") is { Length: > 0 } data ? data : Path.GetTempPath(), "processor-chips");

    /// <summary>Takes counters that no run has used.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cancellation">Ends waiting for another run.</param>
    /// <returns>The first of them.</returns>
    /// <exception cref="IOException">The file cannot be used.</exception>
    /// <exception cref="Commands.UsageException">The chips have no counters left.</exception>
    public async Task<int> TakeAsync(int count, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Take(count);
            }
            catch (IOException) when (attempt < TriesMax)
            {
                // Another run has it for a moment.
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    private int Take(int count)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var reader = new StreamReader(file);
        var isKnown = int.TryParse(reader.ReadToEnd().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var last);
        var first = (isKnown ? last : 0) + 1;
        if (first + count > CounterMax)
            throw new Commands.UsageException($"The chips of the demo have counted to their end. Begin a new demo, and remove {path}.");
        file.SetLength(0);
        file.Position = 0;
        using var writer = new StreamWriter(file);
        writer.Write((first + count - 1).ToString(CultureInfo.InvariantCulture));
        return first;
    }
}
