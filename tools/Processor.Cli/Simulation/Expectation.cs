using Processor.Iso8583;

namespace Processor.Cli.Simulation;

/// <summary>What an answer has to say in one element.</summary>
/// <param name="DataElement">2 to 128; 0 is the MTI.</param>
/// <param name="Value">The content; several with <c>|</c> between where any will do; <c>*</c> for any content; <c>-</c> for absent.</param>
internal sealed record Expectation(int DataElement, string Value)
{
    /// <summary>Any content will do.</summary>
    public const string Present = "*";

    /// <summary>The element must not be there.</summary>
    public const string Absent = "-";

    /// <summary>What is wrong with the answer, without showing content of a sensitive element; null when nothing is.</summary>
    public string? Check(Iso8583Message response, Dialect dialect)
    {
        string? found = DataElement == 0 ? response.Mti.ToString() : response[DataElement];
        bool isMet = Value switch
        {
            Present => found is not null,
            Absent => found is null,
            _ => found is not null && Value.Split('|').Contains(found.TrimEnd(' ')),
        };
        if (isMet)
            return null;
        string name = DataElement == 0 ? "MTI" : $"DE{DataElement}";
        bool isShown = DataElement == 0 || dialect[DataElement]?.Sensitivity == Sensitivity.None;
        string wanted = Value switch
        {
            Present => "something",
            Absent => "nothing",
            _ => isShown ? Value.Replace("|", " or ", StringComparison.Ordinal) : "other content",
        };
        return $"{name}: expected {wanted}, found {(found is null ? "nothing" : isShown ? found : "content that is not shown")}";
    }
}
