using System.CommandLine;
using System.Globalization;
using Processor.Cli.Messages;
using Processor.Cli.Network;
using Processor.Cli.Simulation;
using Processor.Iso8583;

namespace Processor.Cli.Commands;

/// <summary><c>processor iso send</c>: sends one message and prints what comes back.</summary>
internal static class MessageSendCommand
{
    public static Command Build(TimeProvider clock)
    {
        var command = new Command("send", "Sends one message and prints it with its answer, masked. Exit code 0 when an answer came that can be read.");
        var endpoint = new Argument<string>("endpoint") { Description = "Where to.", HelpName = "HOST:PORT" };
        var message = new Argument<string>("message") { Description = "The message, without its frame: " + MessageInput.Help };
        command.Add(endpoint);
        command.Add(message);
        var format = new MessageFormatOptions(command, isFrameGiven: true);
        var options = new StageOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var dialect = format.ReadDialect(parsed);
            byte[] bytes = MessageInput.ReadMessage(parsed.GetRequiredValue(message), dialect, framing: null);
            var target = ReadEndpoint(parsed.GetRequiredValue(endpoint), dialect, format.ReadFraming(parsed)!.Value);
            var request = Read(dialect, bytes);
            await using var link = await IssuerLink.ConnectAsync(target, options.ReadPatience(parsed), clock, cancellation);
            var stage = new Stage(link, dialect, parsed.InvocationConfiguration.Output, options.ReadIsBrief(parsed));
            await stage.PlayAsync(new Step(MessagePrinter.Describe(request.Mti), request, []), cancellation);
            return stage.FailureCount == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Iso8583Message Read(Dialect dialect, byte[] bytes)
    {
        try
        {
            return Iso8583Message.Parse(dialect, bytes);
        }
        catch (FormatException exception)
        {
            throw new UsageException($"The message cannot be read in {dialect.Name}: {exception.Message}", exception);
        }
    }

    private static Endpoint ReadEndpoint(string text, Dialect dialect, Framing framing)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0
            ? new(text[..colon].Trim('[', ']'), port, dialect, framing)
            : throw new UsageException($"{text} is not HOST:PORT.");
    }
}
