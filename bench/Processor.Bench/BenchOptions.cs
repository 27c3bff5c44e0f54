using System.Globalization;

namespace Processor.Bench;

/// <summary>What is run, and for how long.</summary>
internal sealed record BenchOptions
{
    /// <summary><c>all</c>, <c>micro</c>, <c>yardsticks</c>, <c>e2e</c>, <c>credentials</c> or <c>ledger</c>.</summary>
    public string Verb { get; init; } = "all";

    /// <summary>How long the run at half the maximum takes, in seconds.</summary>
    public double Seconds { get; init; } = 30;

    /// <summary>True for a short run whose figures only show that everything works.</summary>
    public bool IsQuick { get; init; }

    /// <summary>True for an end-to-end run by itself, whose figures then have no ratios.</summary>
    public bool IsAlone { get; init; }

    /// <summary>True to end an end-to-end run after its first load, the one that looks for the most.</summary>
    public bool EndsAfterMost { get; init; }

    /// <summary>True to measure latencies alone, without looking for the most.</summary>
    public bool IsCalm { get; init; }

    /// <summary>True to have the kernel write pages early for the run.</summary>
    public bool WritesEarly { get; init; }

    /// <summary>Requests a second of the long run, in place of half of the most, which then is not looked for; null for that half.</summary>
    public double? Rate { get; init; }

    /// <summary>The end of the result's file name; empty for the verb.</summary>
    public string Name { get; init; } = "";

    /// <summary>Which micro benchmarks: a part of their names; empty for all.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Settings that the host is started with beyond its own, such as <c>Processor__Lanes=1</c>.</summary>
    public IReadOnlyList<string> HostSettings { get; init; } = [];

    /// <summary>Requests in flight on each connection when the most is looked for.</summary>
    public int Window { get; init; } = 128;

    /// <summary>Requests a second when latency is measured.</summary>
    public double LatencyRate { get; init; } = 1000;

    /// <summary>Operations outstanding when the ledger is driven alone.</summary>
    public int Outstanding { get; init; } = 1024;

    /// <summary>The one shape of the ledger to measure; null for several.</summary>
    public (int Partitions, int Lanes)? Shape { get; init; }

    /// <summary>How long everything is loaded before it is measured, so that the JIT has done its work.</summary>
    public double WarmUpSeconds => IsQuick ? 1 : 8;

    /// <summary>How long each yardstick is measured.</summary>
    public double YardstickSeconds => IsQuick ? 1 : 10;

    /// <summary>Seconds for which latencies are measured: long enough that one page-out of the disk's cache, which comes twice a minute, is not
    /// taken for a habit or missed, and that what a run before has brought into memory has come to its place there.</summary>
    public double CalmSeconds => YardstickSeconds * 6;

    /// <summary>Cards and accounts of every ledger.</summary>
    public int Accounts { get; init; } = 10_000;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It cannot be read; the message says what is wrong.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (var index = 0; index < arguments.Count; index++)
        {
            var word = arguments[index];
            options = word switch
            {
                "all" or "micro" or "yardsticks" or "e2e" or "credentials" or "ledger" => options with { Verb = word },
                "--quick" => options with { IsQuick = true, Seconds = Math.Min(options.Seconds, 5) },
                "--most" => options with { EndsAfterMost = true },
                "--calm" => options with { IsCalm = true },
                "--alone" => options with { IsAlone = true },
                "--early-writes" => options with { WritesEarly = true },
                "--seconds" => options with { Seconds = Number(word, Next()) },
                "--rate" => options with { Rate = Number(word, Next(), most: 1_000_000) },
                "--window" => options with { Window = (int)Number(word, Next()) },
                "--outstanding" => options with { Outstanding = (int)Number(word, Next(), most: 10_000) },
                "--shape" => options with { Shape = ReadShape(Next()) },
                "--name" => options with { Name = Next() },
                "--filter" => options with { Filter = Next() },
                "--host" => options with { HostSettings = [.. options.HostSettings, Next()] },
                _ => throw new FormatException($"{word} is not known."),
            };

            string Next() => ++index < arguments.Count ? arguments[index] : throw new FormatException($"{word} wants a value.");
        }

        return options;
    }

    private static (int Partitions, int Lanes) ReadShape(string text)
    {
        var sides = text.Split('x');
        return sides.Length == 2
            ? ((int)Number("--shape", sides[0], most: 1024), (int)Number("--shape", sides[1], most: 64))
            : throw new FormatException($"--shape is {text}; partitions and lanes such as 4x2 are wanted.");
    }

    private static double Number(string word, string text, double most = 3600) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most
            ? number
            : throw new FormatException($"{word} is {text}; a number above 0 and at most {most} is wanted.");
}
