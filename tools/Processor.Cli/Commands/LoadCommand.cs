using System.CommandLine;
using Processor.Cli.Load;
using Processor.Cli.Reports;
using Processor.Cli.Simulation;

namespace Processor.Cli.Commands;

/// <summary><c>processor load</c>: generates load and measures.</summary>
internal static class LoadCommand
{
    public static Command Build(TimeProvider clock)
    {
        var command = new Command(
            "load",
            "Generates load and measures. With a rate it is open-loop: each request is due at its time whatever the issuer "
            + "does, and its latency counts from then, so that a stall is not hidden. With --rate 0 it keeps --window "
            + "requests in flight on each connection, to find the most that the issuer can do.\n\n"
            + "Exit code 0 when each request was sent and answered. Ctrl-C ends early and shows what was measured.");
        var options = new LoadOptions(command);
        var json = new Option<FileInfo?>("--json") { Description = "Write the result to this file, for programs.", HelpName = "file" };
        var html = new Option<FileInfo?>("--html") { Description = "Write a report with charts to this file.", HelpName = "file" };
        command.Add(json);
        command.Add(html);
        command.SetAction((parsed, cancellation) => RunAsync(
            options.Read(parsed),
            parsed.GetValue(json),
            parsed.GetValue(html),
            clock,
            parsed.InvocationConfiguration.Output,
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        LoadPlan plan, FileInfo? json, FileInfo? html, TimeProvider clock, TextWriter output, CancellationToken cancellation)
    {
        foreach (var file in new[] { json, html })
        {
            if (file is { Directory.Exists: false })
                throw new UsageException($"There is no folder for {file.FullName}.");
        }

        if (plan.Chips > 0)
        {
            if (plan.Cards.Count < plan.Connections)
                throw new UsageException("--credentials wants at least as many cards as connections: say --card-count.");
            plan = plan with { FirstCounter = await new ChipMemory(ChipMemory.DefaultPath).TakeAsync(plan.CountersEach, cancellation) };
        }

        bool isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        await output.WriteLineAsync($"Load on {plan.Endpoint}: {LoadText.Traffic(plan)}");
        var result = await new LoadRun(plan, clock).RunAsync(
            (second, totals) =>
            {
                string line = LoadText.Line(second, totals);
                output.Write(isTerminal ? $"\r{line}\u001b[K" : $"{line}\n");
            },
            cancellation);
        await output.WriteAsync($"{(isTerminal ? "\n" : "")}\n{LoadText.Table(result)}");
        if (json is not null)
            LoadJson.Save(result, json.FullName);
        if (html is not null)
            await File.WriteAllTextAsync(html.FullName, LoadReport.Html(result), CancellationToken.None);
        return result.IsClean ? ExitCode.Done : ExitCode.Failed;
    }
}
