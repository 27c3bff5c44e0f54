using System.Globalization;
using Processor.Cli.Commands;
using Processor.Cli.Network;
using Processor.Iso8583;

namespace Processor.Cli.Simulation;

/// <summary>Plays steps on a link, prints each with its answer, and counts those that were not as expected.</summary>
/// <param name="link">Where to; the caller owns it.</param>
/// <param name="dialect">How the link speaks.</param>
/// <param name="output">Takes the headlines and the masked messages.</param>
/// <param name="isBrief">True to print the headlines alone.</param>
internal sealed class Stage(IssuerLink link, Dialect dialect, TextWriter output, bool isBrief)
{
    private int count;

    /// <summary>Steps whose answer was wrong, unreadable or missing.</summary>
    public int FailureCount { get; private set; }

    /// <summary>Plays one step.</summary>
    /// <returns>The answer, null when there was none that can be read.</returns>
    /// <exception cref="FormatException">The request does not suit the dialect.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<Iso8583Message?> PlayAsync(Step step, CancellationToken cancellation)
    {
        var exchange = await link.ExchangeAsync(step.Request, step.IsUnsealed, cancellation);
        var problems = Check(step, exchange);
        if (problems.Count > 0)
            FailureCount++;
        await PrintAsync(step, exchange, problems);
        return exchange.Response;
    }

    /// <summary>Prints how it went.</summary>
    /// <returns>The exit code of the play.</returns>
    public async Task<int> ConcludeAsync(Endpoint endpoint)
    {
        string verdict = FailureCount == 0 ? "all as expected" : $"{FailureCount} not as expected";
        await output.WriteLineAsync($"{count} messages to {endpoint}: {verdict}.");
        return FailureCount == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private List<string> Check(Step step, Exchange exchange)
    {
        if (exchange.ResponseFrame is null)
            return ["no answer"];
        if (exchange.Response is not { } response)
            return ["an answer that cannot be read"];
        var problems = step.Expectations.Select(expectation => expectation.Check(response, dialect));
        return [.. problems.Append(step.Judge?.Invoke(step.Request, response)).Append(exchange.SealProblem).OfType<string>()];
    }

    private async Task PrintAsync(Step step, Exchange exchange, List<string> problems)
    {
        count++;
        string answer = Describe(exchange);
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{(problems.Count == 0 ? "ok  " : "FAIL")} {count,2}  {step.Title,-66} {answer}, {exchange.Latency.TotalMilliseconds:0.0} ms");
        await output.WriteLineAsync(line);
        foreach (string problem in problems)
            await output.WriteLineAsync($"          {problem}");
        if (isBrief)
            return;

        await PrintFrameAsync(">", exchange.RequestFrame);
        if (exchange.ResponseFrame is { } frame)
            await PrintFrameAsync("<", frame);
        await output.WriteLineAsync();
    }

    private static string Describe(Exchange exchange)
    {
        if (exchange.ResponseFrame is null)
            return "no answer";
        if (exchange.Response?[39] is not { } code)
            return "an answer without DE39";
        var mti = exchange.Request.Mti;
        bool asksForMoney = mti.IsRequest && mti.Class is MtiClass.Authorization or MtiClass.Financial;
        return code == "00" && !asksForMoney ? "00 accepted" : $"{code} {ResponseCodeNames.Of(code)}";
    }

    private async Task PrintFrameAsync(string direction, byte[] frame)
    {
        string[] lines = MessagePrinter.Print(MessageDescription.Of(dialect, frame)).TrimEnd('\n').Split('\n');
        await output.WriteLineAsync($"     {direction} {lines[0]}");
        foreach (string line in lines.Skip(1))
            await output.WriteLineAsync($"       {line}");
    }
}
