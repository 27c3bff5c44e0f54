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

    private static async Task<IResult> ReadyAsync(LedgerHandle ledger, HealthQueries postgres, CancellationToken cancellation)
    {
        if (!ledger.IsReady)
            return TypedResults.Text("The ledger is not ready.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        return await postgres.IsReachableAsync(patience.Token)
            ? TypedResults.Text("ready\n")
            : TypedResults.Text("Postgres does not answer.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
