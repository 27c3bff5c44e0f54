using System.Buffers;
using System.CommandLine;
using Processor.Cli.Messages;
using Processor.Iso8583;

namespace Processor.Cli.Commands;

/// <summary><c>processor iso describe</c>: takes one message apart and prints it masked.</summary>
internal static class DescribeCommand
{
    public static Command Build()
    {
        var command = new Command(
            "describe",
            "Prints a message element by element, masked. A message that cannot be read is printed as far as it can, then "
            + "the data element, the byte and the reason go to the error output and the exit code is 1.");
        var hex = new Argument<string>("hex")
        {
            Description = "The message in hexadecimal; blanks are skipped; or a file with it. - reads it from the standard input.",
        };
        command.Add(hex);
        var format = new MessageFormatOptions(command, isFrameGiven: false);
        command.SetAction(parsed => Describe(
            MessageInput.ReadHex(parsed.GetRequiredValue(hex)),
            format.ReadDialect(parsed),
            format.ReadFraming(parsed),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Describe(byte[] bytes, Dialect dialect, Framing? framing, TextWriter output, TextWriter error)
    {
        var rest = new ReadOnlySequence<byte>(bytes);
        do
        {
            var frame = rest;
            if (framing is { } header)
            {
                var status = FrameReader.TryRead(ref rest, header, out frame);
                if (status != FrameStatus.Frame)
                {
                    error.WriteLine(status == FrameStatus.Malformed
                        ? $"byte {bytes.Length - rest.Length}: a frame length that cannot be"
                        : $"byte {bytes.Length - rest.Length}: the frame is cut, {rest.Length} bytes are left");
                    return ExitCode.Failed;
                }
            }
            else
            {
                rest = default;
            }

            var description = MessageDescription.Of(dialect, frame.ToArray());
            output.Write(MessagePrinter.Print(description));
            if (description.Error is { } problem)
            {
                error.WriteLine(problem.ToString());
                return ExitCode.Failed;
            }
        }
        while (!rest.IsEmpty);

        return ExitCode.Done;
    }
}
