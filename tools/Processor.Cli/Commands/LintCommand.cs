using System.CommandLine;
using Processor.Cli.Messages;
using Processor.Iso8583;

namespace Processor.Cli.Commands;

/// <summary><c>processor iso lint</c>: says what is wrong or doubtful in a dialect.</summary>
internal static class LintCommand
{
    public static Command Build()
    {
        var command = new Command(
            "lint",
            "Checks a dialect: that it can be used, that card data are called sensitive, and that each element, at its shortest and its "
            + "longest, is read back as it was written. Exit code 0 when there is nothing to say, 1 otherwise.");
        var name = new Argument<string>("dialect") { Description = "A dialect by name, or a dialect file." };
        var specs = new Option<DirectoryInfo?>("--specs") { Description = "Folder with the dialect files.", HelpName = "folder" };
        command.Add(name);
        command.Add(specs);
        command.SetAction(parsed => Lint(
            parsed.GetRequiredValue(name), parsed.GetValue(specs)?.FullName, parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Lint(string name, string? folder, TextWriter output)
    {
        Dialect dialect;
        try
        {
            dialect = DialectFiles.Load(name, folder);
        }
        catch (DialectException exception)
        {
            output.WriteLine(exception.Message);
            return ExitCode.Failed;
        }

        List<string> findings = [.. DialectLint.Check(dialect)];
        if (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && Path.GetFileNameWithoutExtension(name) != dialect.Name)
            findings.Insert(0, $"name: {dialect.Name} is not the file's name");
        foreach (string finding in findings)
            output.WriteLine(finding);
        int count = Enumerable.Range(1, 192).Count(element => dialect[element] is not null);
        output.WriteLine($"{dialect.Name}: {count} elements, {(findings.Count == 0 ? "nothing to say" : $"{findings.Count} findings")}");
        return findings.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
