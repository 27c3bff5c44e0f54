using System.CommandLine;
using Processor.Cli.Network;
using Processor.Cli.Simulation;

namespace Processor.Cli.Commands;

/// <summary><c>processor sim send</c>: sends the messages of a file.</summary>
internal static class SendCommand
{
    public static Command Build(TimeProvider clock)
    {
        var command = new Command("send", SimFile.Help);
        var file = new Argument<FileInfo>("file") { Description = "The messages, as JSON." };
        command.Add(file);
        var endpoint = new EndpointOptions(command);
        var stage = new StageOptions(command);
        command.SetAction((parsed, cancellation) => SendAsync(
            parsed.GetRequiredValue(file),
            endpoint.Read(parsed),
            stage.ReadPatience(parsed),
            stage.ReadIsBrief(parsed),
            clock,
            parsed.InvocationConfiguration.Output,
            cancellation));
        return command;
    }

    private static async Task<int> SendAsync(
        FileInfo file,
        Endpoint endpoint,
        TimeSpan patience,
        bool isBrief,
        TimeProvider clock,
        TextWriter output,
        CancellationToken cancellation)
    {
        var messages = SimFile.Load(file.FullName, endpoint.Dialect);
        await using var link = await IssuerLink.ConnectAsync(endpoint, patience, clock, cancellation);
        var stage = new Stage(link, endpoint.Dialect, output, isBrief);
        var variables = new SimVariables(new TraceNumbers(clock));
        foreach (var message in messages)
        {
            var step = message.ToStep(variables);
            try
            {
                variables.Keep(message, step.Request, await stage.PlayAsync(step, cancellation));
            }
            catch (FormatException exception)
            {
                throw new SimFileException($"{file}:{message.Line}: {exception.Message}", exception);
            }
        }

        return await stage.ConcludeAsync(endpoint);
    }
}
