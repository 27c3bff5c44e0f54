using Microsoft.AspNetCore.Http.HttpResults;
using Processor.Records;

namespace Processor.Host;

/// <summary>What an orchestrator asks: is the process alive, and can it serve.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static void MapProcessorHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("live\n"));
        app.MapGet("/health/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(LedgerHandle ledger, HealthQueries postgres, SecurityReadiness security, CancellationToken cancellation)
    {
        if (!ledger.IsReady)
            return NotReady("The ledger is not ready.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        if (!await postgres.IsReachableAsync(patience.Token))
            return NotReady("Postgres does not answer.");
        if (await security.FindProblemAsync(patience.Token) is { } problem)
            return NotReady(problem);
        return TypedResults.Text(await security.FindAwaitedAsync(patience.Token) is { } awaited ? $"ready. {awaited}\n" : "ready\n");
    }

    private static ContentHttpResult NotReady(string reason) => TypedResults.Text(reason + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
}
