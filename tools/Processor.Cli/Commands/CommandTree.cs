using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using Processor.Cli.Simulation;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Cli.Commands;

/// <summary>All commands of the tool, and what their failures mean to the shell.</summary>
internal static class CommandTree
{
    /// <summary>Runs one command line. What a person reads goes to <paramref name="output"/>, failures to <paramref name="error"/>.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TimeProvider clock, SecretPrompt? prompt = null)
    {
        var hsm = new Command("hsm", "Card cryptography tools, and the keys of the software security module.")
        {
            HsmVectorsCommand.Build(),
            HsmComponentCommands.BuildComponent(prompt ?? new SecretPrompt(error)),
            HsmComponentCommands.BuildMaster(),
        };
        foreach (var command in new HsmKeyCommands(clock).Build())
            hsm.Add(command);
        var root = new RootCommand(
            "A card network in a box: it sends ISO 8583 to an issuer, checks the answers, generates load and measures, "
            + "and takes messages apart.\n\n"
            + "Exit codes: 0 all as expected, 1 something was not, 2 wrong arguments or files.")
        {
            new Command("iso", "Message tools.")
            {
                DescribeCommand.Build(),
                MessageCommands.BuildBuild(),
                MessageCommands.BuildParse(),
                MessageCommands.BuildDiff(),
                MessageCommands.BuildRedact(),
                MessageSendCommand.Build(clock),
                LintCommand.Build(),
                DoctorCommand.Build(),
                VectorsCommand.Build(),
            },
            hsm,
            new Command("sim", "Plays an acquirer: single messages, described field by field and masked.")
            {
                DemoCommand.Build(clock),
                SendCommand.Build(clock),
            },
            LoadCommand.Build(clock),
        };

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            ReportUsage(parsed, error);
            return ExitCode.Usage;
        }

        var invocation = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (Exception exception) when (exception is UsageException or DialectException or SimFileException or KeyFileException)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCode.Usage;
        }
        catch (Exception exception) when (exception is SocketException or IOException or TimeoutException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Stopped.");
            return ExitCode.Failed;
        }
    }

    private static void ReportUsage(ParseResult parsed, TextWriter error)
    {
        foreach (var problem in parsed.Errors)
            error.WriteLine(problem.Message);

        string path = "";
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
            path = $" {(result.Command is RootCommand ? "processor" : result.Command.Name)}{path}";
        error.WriteLine($"See:{path} --help");
    }
}
