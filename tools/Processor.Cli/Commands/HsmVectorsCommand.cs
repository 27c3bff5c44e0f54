using System.CommandLine;
using Processor.Security.Vectors;

namespace Processor.Cli.Commands;

/// <summary><c>processor hsm vectors</c>: known answers of card cryptography, one line of JSON for each.</summary>
internal static class HsmVectorsCommand
{
    public static Command Build()
    {
        var command = new Command(
            "vectors",
            "Reads test vectors, one JSON object a line with id, algorithm and inputs, and prints for each one line: the id with the "
            + "result, or with the error. The algorithms and their inputs are in specs/crypto/README.md. For keys of tests only.");
        var file = new Argument<string>("file") { Description = "The vectors. - reads them from the standard input." };
        command.Add(file);
        command.SetAction(parsed => VectorLines.Answer(parsed.GetRequiredValue(file), VectorRun.Answer, parsed.InvocationConfiguration.Output));
        return command;
    }
}
