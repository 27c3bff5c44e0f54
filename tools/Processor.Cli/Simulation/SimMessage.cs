using Processor.Iso8583;

namespace Processor.Cli.Simulation;

/// <summary>One message of a file, its variables not yet filled in.</summary>
/// <param name="Line">Where it begins in the file, from 1.</param>
/// <param name="Name">What later messages call it; null for none.</param>
/// <param name="Mti">Its message type.</param>
/// <param name="Fields">Content by data element.</param>
/// <param name="Expect">Content that the answer must have, by data element; 0 is the MTI.</param>
internal sealed record SimMessage(
    int Line, string? Name, Mti Mti, IReadOnlyDictionary<int, string> Fields, IReadOnlyDictionary<int, string> Expect)
{
    /// <summary>Fills in the variables, in ascending order of the fields.</summary>
    public Step ToStep(SimVariables variables)
    {
        var request = new Iso8583Message(Mti);
        variables.Begin();
        foreach (var (element, text) in Fields.OrderBy(field => field.Key))
            request[element] = variables.Fill(text);
        var expectations = Expect.OrderBy(field => field.Key)
            .Select(field => new Expectation(field.Key, variables.Fill(field.Value, request)));
        return new(Name ?? MessagePrinter.Describe(Mti), request, [.. expectations]);
    }
}
