using System.CommandLine;
using Processor.Cli.Network;
using Processor.Cli.Simulation;

namespace Processor.Cli.Commands;

/// <summary><c>processor sim demo</c>: plays a short day on the demo program.</summary>
internal static class DemoCommand
{
    public static Command Build(TimeProvider clock)
    {
        var command = new Command(
            "demo",
            "Signs on to the demo program and plays purchases, declines, a partial approval, reversals, a repeat, advices, a "
            + "balance inquiry and an echo. Prints each request and answer field by field, masked. It takes back what it "
            + "takes. Exit code 0 only when each answer was as expected.");
        var endpoint = new EndpointOptions(command);
        var stage = new StageOptions(command);
        command.SetAction((parsed, cancellation) => PlayAsync(
            endpoint.Read(parsed), stage.ReadPatience(parsed), stage.ReadIsBrief(parsed), clock, parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static async Task<int> PlayAsync(
        Endpoint endpoint, TimeSpan patience, bool isBrief, TimeProvider clock, TextWriter output, CancellationToken cancellation)
    {
        if (endpoint.Dialect.PartialApproval is null)
            throw new UsageException($"Dialect {endpoint.Dialect.Name} has no indicator of partial approval, which the demo plays.");
        await using var link = await IssuerLink.ConnectAsync(endpoint, patience, clock, cancellation);
        var stage = new Stage(link, endpoint.Dialect, output, isBrief);
        await new DemoPlay(stage, new Merchant(new TraceNumbers(clock)), endpoint.Dialect).RunAsync(cancellation);
        return await stage.ConcludeAsync(endpoint);
    }
}
