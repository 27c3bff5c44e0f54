using System.CommandLine;
using Processor.Cli.Messages;
using Processor.Iso8583;

namespace Processor.Cli.Commands;

/// <summary><c>processor iso build</c>, <c>parse</c>, <c>redact</c> and <c>diff</c>: what is done with a message at hand.</summary>
internal static class MessageCommands
{
    public static Command BuildBuild()
    {
        var command = new Command(
            "build", "Writes a message from JSON and prints its bytes, unmasked: that is what is asked for. With --framing it is framed.");
        var message = Message(command, "message", "The message: ");
        var format = new MessageFormatOptions(command, isFrameGiven: false);
        command.SetAction(parsed =>
        {
            byte[] bytes = MessageInput.ReadMessage(parsed.GetRequiredValue(message), format.ReadDialect(parsed), framing: null);
            if (format.ReadFraming(parsed) is { } framing)
                bytes = FrameWriter.Frame(bytes, framing);
            parsed.InvocationConfiguration.Output.WriteLine(Convert.ToHexString(bytes));
            return ExitCode.Done;
        });
        return command;
    }

    public static Command BuildParse()
    {
        var command = new Command("parse", "Prints what a message holds, masked: as text, or as one line of JSON.");
        var message = Message(command, "message", "The message: ");
        var isJson = new Option<bool>("--json") { Description = "Print JSON." };
        command.Add(isJson);
        var format = new MessageFormatOptions(command, isFrameGiven: false);
        command.SetAction(parsed =>
        {
            var dialect = format.ReadDialect(parsed);
            byte[] bytes = MessageInput.ReadMessage(parsed.GetRequiredValue(message), dialect, format.ReadFraming(parsed));
            var description = MessageDescription.Of(dialect, bytes);
            string text = parsed.GetValue(isJson) ? DescriptionJson.Of(description) + "\n" : MessagePrinter.Print(description);
            parsed.InvocationConfiguration.Output.Write(text);
            return description.Error is null ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    public static Command BuildRedact()
    {
        var command = new Command(
            "redact",
            "Prints the bytes of a message without its secrets: the same elements with the same lengths, card numbers with their first 6 "
            + "and last 4 digits, PINs, cryptograms, codes and private data as zeros. A message that cannot be read is not printed.");
        var message = Message(command, "message", "The message: ");
        var format = new MessageFormatOptions(command, isFrameGiven: false);
        command.SetAction(parsed =>
        {
            var dialect = format.ReadDialect(parsed);
            var framing = format.ReadFraming(parsed);
            byte[] bytes = MessageInput.ReadMessage(parsed.GetRequiredValue(message), dialect, framing);
            try
            {
                byte[] redacted = MessageRedaction.Redact(dialect, bytes);
                string hex = Convert.ToHexString(framing is { } around ? FrameWriter.Frame(redacted, around) : redacted);
                parsed.InvocationConfiguration.Output.WriteLine(hex);
                return ExitCode.Done;
            }
            catch (FormatException exception)
            {
                parsed.InvocationConfiguration.Error.WriteLine(exception.Message);
                return ExitCode.Failed;
            }
        });
        return command;
    }

    public static Command BuildDiff()
    {
        var command = new Command("diff", "Prints the elements in which two messages differ, masked. Exit code 0 when they are alike, 1 otherwise.");
        var first = Message(command, "first", "The first message: ");
        var second = Message(command, "second", "The second: ");
        var format = new MessageFormatOptions(command, isFrameGiven: false);
        command.SetAction(parsed =>
        {
            var dialect = format.ReadDialect(parsed);
            var framing = format.ReadFraming(parsed);
            byte[] source = MessageInput.ReadMessage(parsed.GetRequiredValue(first), dialect, framing);
            byte[] target = MessageInput.ReadMessage(parsed.GetRequiredValue(second), dialect, framing);
            return MessageDiff.Print(dialect, source, target, parsed.InvocationConfiguration.Output);
        });
        return command;
    }

    private static Argument<string> Message(Command command, string name, string lead)
    {
        var argument = new Argument<string>(name) { Description = lead + MessageInput.Help };
        command.Add(argument);
        return argument;
    }
}
