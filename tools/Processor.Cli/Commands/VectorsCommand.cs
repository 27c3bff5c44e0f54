using System.CommandLine;
using Processor.Iso8583.Vectors;

namespace Processor.Cli.Commands;

/// <summary><c>processor iso vectors</c>: what the codec makes of test vectors, one line of JSON for each.</summary>
internal static class VectorsCommand
{
    public static Command Build()
    {
        var command = new Command(
            "vectors",
            "Reads test vectors, one JSON object a line with id, dialect and hex, and prints for each one line: mti, fields, parts "
            + "and the bytes that they give again, or the error with its reason, data element and offset. The vocabulary of "
            + "these dialects is in specs/iso8583/golden/vectors.md.");
        var file = new Argument<string>("file") { Description = "The vectors. - reads them from the standard input." };
        command.Add(file);
        command.SetAction(parsed => VectorLines.Answer(parsed.GetRequiredValue(file), VectorRun.Answer, parsed.InvocationConfiguration.Output));
        return command;
    }
}
