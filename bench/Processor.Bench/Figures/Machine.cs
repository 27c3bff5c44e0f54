using System.Diagnostics;
using System.Globalization;
using Processor.Testing;

namespace Processor.Bench;

/// <summary>What the figures were measured on.</summary>
/// <param name="Line">Cores, processor, memory, kernel and how it writes to the disk, versions of what ran, and settings beyond the host's own.</param>
internal sealed record Machine(string Line)
{
    /// <summary>Looks at this machine.</summary>
    public static Machine Describe(BenchOptions options)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return new Machine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores ({Processor()}), {memory:0} GiB, Linux {Environment.OSVersion.Version}, .NET {Environment.Version}, "
            + $"{Output(Programs.Find("redis-server"), "--version", "v=")}, {Output(PostgresTemplate.Program("postgres"), "--version", "")}, "
            + $"pages written when {Seconds("dirty_expire_centisecs")} s old, every {Seconds("dirty_writeback_centisecs")} s, "
            + $"load average before: {Load()}{string.Concat(options.HostSettings.Select(setting => ", " + setting))}"));
    }

    private static double Seconds(string setting) => int.Parse(File.ReadAllText("/proc/sys/vm/" + setting), CultureInfo.InvariantCulture) / 100.0;

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim() ?? "unknown";

    private static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    private static string Output(string program, string argument, string mark)
    {
        var start = new ProcessStartInfo(program, argument) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var text = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return mark.Length == 0
            ? text
            : "Redis " + text.Split(' ').First(word => word.StartsWith(mark, StringComparison.Ordinal))[mark.Length..];
    }
}
