using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Processor.Bench;

/// <summary>The BenchmarkDotNet benchmarks, in this process: a build of their own would not know where our package versions stand.</summary>
internal static class MicroBench
{
    private static readonly Type[] All = [typeof(Iso8583Benchmarks), typeof(DecideBenchmarks), typeof(MessageBenchmarks), typeof(PackBenchmarks), typeof(CredentialBenchmarks)];

    public static void Measure(FigureSheet sheet, BenchOptions options)
    {
        var job = (options.IsQuick ? Job.Dry.WithIterationCount(3).WithInvocationCount(1024).WithUnrollFactor(16) : Job.ShortRun.WithIterationCount(8).WithWarmupCount(6))
            .WithToolchain(InProcessEmitToolchain.Instance);
        foreach (var type in All.Where(type => type.GetMethods().Any(method => IsWanted(type, method.Name, options))))
        {
            var config = ManualConfig.CreateEmpty()
                .AddJob(job)
                .AddLogger(NullLogger.Instance)
                .AddFilter(new SimpleFilter(one => IsWanted(one.Descriptor.Type, one.Descriptor.WorkloadMethod.Name, options)))
                .AddColumnProvider(DefaultColumnProviders.Instance)
                .WithArtifactsPath(Path.Combine(Path.GetTempPath(), $"processor-bench-micro-{Environment.ProcessId}"))
                .WithOptions(ConfigOptions.DisableOptimizationsValidator);
            var summary = BenchmarkRunner.Run(type, config);
            Add(sheet, options, summary);
            Directory.Delete(summary.ResultsDirectoryPath, recursive: true);
        }

        if (!IsWanted(typeof(Iso8583Benchmarks), nameof(Iso8583Rounds), options))
            return;
        Iso8583Rounds.Measure(sheet, options);
        HostileFrames.Measure(sheet, options);
    }

    // A yardstick is named like what is held to it: --filter Credential takes a class, --filter Arqc a measurement and its yardstick.
    private static bool IsWanted(Type type, string method, BenchOptions options) =>
        method.Contains(options.Filter, StringComparison.OrdinalIgnoreCase) || type.Name.Contains(options.Filter, StringComparison.OrdinalIgnoreCase);

    private static void Add(FigureSheet sheet, BenchOptions options, Summary summary)
    {
        var group = "Micro: " + summary.BenchmarksCases[0].Descriptor.Type.Name.Replace("Benchmarks", "", StringComparison.Ordinal);
        foreach (var report in summary.Reports)
        {
            var name = report.BenchmarkCase.Descriptor.WorkloadMethod.Name;
            var statistics = report.ResultStatistics ?? throw new InvalidOperationException($"{name} did not run.");
            sheet.AddAgainst(group, name, statistics.Mean, "ns", YardstickOf(report.BenchmarkCase.Descriptor, summary), $"standard error {statistics.StandardError:0.0} ns");
            sheet.Add(group, name + ", allocated", report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0, "bytes");
        }
    }

    /// <summary>The baseline of the same category; empty for a baseline, and where there is none.</summary>
    private static string YardstickOf(Descriptor measured, Summary summary) =>
        measured.Baseline
            ? ""
            : summary.BenchmarksCases.Select(one => one.Descriptor)
                .FirstOrDefault(one => one.Baseline && one.Categories.SequenceEqual(measured.Categories))?.WorkloadMethod.Name ?? "";
}
