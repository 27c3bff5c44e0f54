using System.CommandLine;

namespace Processor.Cli.Commands;

/// <summary>The options of a play: how long to wait, how much to print.</summary>
internal sealed class StageOptions
{
    private readonly Option<double> patience = new("--timeout")
    {
        Description = "Seconds to wait for the connection and for each answer.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<bool> isBrief = new("--brief", "-b") { Description = "Print one line a message, not its fields." };

    /// <summary>Adds the options to a command.</summary>
    public StageOptions(Command command)
    {
        command.Add(patience);
        command.Add(isBrief);
    }

    /// <summary>How long to wait for an answer.</summary>
    /// <exception cref="UsageException">It is out of range.</exception>
    public TimeSpan ReadPatience(ParseResult parsed) => parsed.GetRequiredValue(patience) is > 0 and <= 3600 and var seconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new UsageException("--timeout is more than 0 and at most 3600 seconds.");

    /// <summary>Whether only headlines are printed.</summary>
    public bool ReadIsBrief(ParseResult parsed) => parsed.GetValue(isBrief);
}
