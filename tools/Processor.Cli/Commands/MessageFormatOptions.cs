using System.CommandLine;
using Processor.Cli.Messages;
using Processor.Iso8583;

namespace Processor.Cli.Commands;

/// <summary>The options that say how a message is written.</summary>
internal sealed class MessageFormatOptions
{
    private readonly Option<string> dialect = new("--dialect", "-d")
    {
        Description = "A dialect by name, or a dialect file.",
        HelpName = "name",
        DefaultValueFactory = _ => "iso87-ascii",
    };

    private readonly Option<DirectoryInfo?> specs = new("--specs")
    {
        Description = "Folder with the dialect files. Without it they are looked for beside the program, then in "
            + "specs/iso8583 of this folder and those above it.",
        HelpName = "folder",
    };

    private readonly Option<string?> framing;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command that takes them.</param>
    /// <param name="isFrameGiven">True where bytes always come framed; false where a frame is the exception.</param>
    public MessageFormatOptions(Command command, bool isFrameGiven)
    {
        framing = new("--framing")
        {
            Description = isFrameGiven
                ? "How the length before a message is written."
                : "How the length before the message is written, when the bytes begin with it.",
            HelpName = "name",
        };
        framing.Description += $" One of {string.Join(", ", FramingNames.Lengths)}; then, each after a +, any of "
            + $"{string.Join(", ", FramingNames.Options)}.";
        if (isFrameGiven)
            framing.DefaultValueFactory = _ => "binary-2";
        command.Add(dialect);
        command.Add(framing);
        command.Add(specs);
    }

    /// <summary>The dialect that was named.</summary>
    /// <exception cref="DialectException">There is none of that name, or it is wrong.</exception>
    public Dialect ReadDialect(ParseResult parsed) =>
        DialectFiles.Load(parsed.GetRequiredValue(dialect), parsed.GetValue(specs)?.FullName);

    /// <summary>The framing that was named; null when none was and none is the default.</summary>
    /// <exception cref="UsageException">There is no such framing.</exception>
    public Framing? ReadFraming(ParseResult parsed)
    {
        if (parsed.GetValue(framing) is not { } name)
            return null;
        try
        {
            return Framing.Parse(name);
        }
        catch (FormatException exception)
        {
            throw new UsageException(exception.Message, exception);
        }
    }
}
