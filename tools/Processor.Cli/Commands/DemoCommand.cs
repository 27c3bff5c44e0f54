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
            + "balance inquiry, right and wrong credentials, and an echo; then, on the demo's endpoint for them, right and wrong authentication codes. The demo cards' chips look at each answer. Prints each request and answer field by field, masked. It takes back what it "
            + "takes. Exit code 0 only when each answer was as expected.");
        var endpoint = new EndpointOptions(command);
        var stage = new StageOptions(command);
        var isBare = new Option<bool>("--no-credentials") { Description = "Send no tracks, cryptograms, PINs and CVV2: for an issuer that has other keys." };
        var chips = new Option<FileInfo?>("--chips")
        {
            Description = "Where the chips keep their transaction counters between runs. Without it in the folder of PROCESSOR_DATA, or that of temporary files.",
            HelpName = "file",
        };
        command.Add(isBare);
        command.Add(chips);
        command.SetAction((parsed, cancellation) => PlayAsync(
            endpoint.Read(parsed), endpoint.ReadSealedDemo(parsed, endpoint.Read(parsed)), parsed.GetValue(isBare) ? null : new ChipMemory(parsed.GetValue(chips)?.FullName ?? ChipMemory.DefaultPath), stage.ReadPatience(parsed), stage.ReadIsBrief(parsed), clock, parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static async Task<int> PlayAsync(
        Endpoint endpoint, Endpoint? sealedEndpoint, ChipMemory? chips, TimeSpan patience, bool isBrief, TimeProvider clock, TextWriter output, CancellationToken cancellation)
    {
        if (endpoint.Dialect.PartialApproval is null)
            throw new UsageException($"Dialect {endpoint.Dialect.Name} has no indicator of partial approval, which the demo plays.");
        await using var link = await IssuerLink.ConnectAsync(endpoint, patience, clock, cancellation);
        var stage = new Stage(link, endpoint.Dialect, output, isBrief);
        var cardholder = chips is null ? null : new Cardholder(endpoint.Dialect, await chips.TakeAsync(Cardholder.CountersMax, cancellation));
        var merchant = new Merchant(new TraceNumbers(clock));
        await new DemoPlay(stage, merchant, cardholder, endpoint.Dialect).RunAsync(cancellation);
        if (endpoint.Seal is not null)
            await new CodePlay(stage, merchant).RunAsync(isRequired: false, cancellation);
        int exitCode = await stage.ConcludeAsync(endpoint);
        return sealedEndpoint is null ? exitCode : Math.Max(exitCode, await PlaySealedAsync(sealedEndpoint, merchant, patience, isBrief, clock, output, cancellation));
    }

    private static async Task<int> PlaySealedAsync(
        Endpoint endpoint, Merchant merchant, TimeSpan patience, bool isBrief, TimeProvider clock, TextWriter output, CancellationToken cancellation)
    {
        IssuerLink link;
        try
        {
            link = await IssuerLink.ConnectAsync(endpoint, patience, clock, cancellation);
        }
        catch (IOException)
        {
            await output.WriteLineAsync($"Nobody listens on {endpoint}: no authentication codes were played.");
            return ExitCode.Done;
        }

        await using (link)
        {
            var stage = new Stage(link, endpoint.Dialect, output, isBrief);
            await new CodePlay(stage, merchant).RunAsync(isRequired: true, cancellation);
            return await stage.ConcludeAsync(endpoint);
        }
    }
}
