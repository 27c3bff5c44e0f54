using Processor.Iso8583;

namespace Processor.Cli.Simulation;

/// <summary>One message of a play and what its answer has to say.</summary>
/// <param name="Title">One line for a person, without card data.</param>
/// <param name="Request">What is sent.</param>
/// <param name="Expectations">What the answer must hold; empty where any answer will do.</param>
internal sealed record Step(string Title, Iso8583Message Request, IReadOnlyList<Expectation> Expectations)
{
    /// <summary>True to send it without the authentication code that the link would put into it.</summary>
    public bool IsUnsealed { get; init; }

    /// <summary>Says what else is wrong with the answer, or null.</summary>
    public Func<Iso8583Message, Iso8583Message, string?>? Judge { get; init; }
}
