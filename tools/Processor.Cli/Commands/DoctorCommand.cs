using System.CommandLine;
using Processor.Cli.Messages;

namespace Processor.Cli.Commands;

/// <summary><c>processor iso doctor</c>: says in which dialect and framing bytes can be read.</summary>
internal static class DoctorCommand
{
    public static Command Build()
    {
        var command = new Command(
            "doctor",
            "Tries every framing and every dialect on bytes of unknown make, and says which fit and where each other one stops. "
            + "It prints places and reasons, never content. Exit code 0 when at least one fits.");
        var hex = new Argument<string>("hex") { Description = "The bytes in hexadecimal; or a file with it. - reads them from the standard input." };
        var specs = new Option<DirectoryInfo?>("--specs") { Description = "Folder with the dialect files.", HelpName = "folder" };
        var all = new Option<bool>("--all") { Description = "Print also the framings that do not fit." };
        var own = new Option<string[]>("--dialect", "-d") { Description = "A dialect to try besides those: a dialect file. May be given more than once.", HelpName = "file" };
        command.Add(hex);
        command.Add(own);
        command.Add(specs);
        command.Add(all);
        command.SetAction(parsed => new MessageDoctor(
                [.. (parsed.GetValue(own) ?? []).Select(name => DialectFiles.Load(name, parsed.GetValue(specs)?.FullName)), .. DialectFiles.LoadAll(parsed.GetValue(specs)?.FullName)],
                parsed.InvocationConfiguration.Output)
            .Examine(MessageInput.ReadHex(parsed.GetRequiredValue(hex)), parsed.GetValue(all))
                ? ExitCode.Done
                : ExitCode.Failed);
        return command;
    }
}
