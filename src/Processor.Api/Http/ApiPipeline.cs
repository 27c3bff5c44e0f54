using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Npgsql;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Api;

/// <summary>What every request under <c>/v1</c> goes through: an identifier, the key's tenant, and errors in one shape.</summary>
internal sealed class ApiPipeline(RequestDelegate next, ApiKeyLookup keys, ApiMetrics metrics, TimeProvider clock, ILogger<ApiPipeline> log)
{
    internal const string RequestIdHeader = "Request-Id";

    internal const int RetryAfterSeconds = 1;

    /// <summary>The identifier of a request of this pipeline.</summary>
    internal static string RequestIdOf(HttpContext http) => http.Features.GetRequiredFeature<RequestId>().Text;

    public async Task InvokeAsync(HttpContext http)
    {
        var started = clock.GetTimestamp();
        await AnswerAsync(http);
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "";
        metrics.Answered(MethodOf(http.Request.Method), route, http.Response.StatusCode, clock.GetElapsedTime(started));
    }

    // A caller may send any word as a method; the figures have room for those that there are.
    private static string MethodOf(string method) => method is "GET" or "POST" ? method : "other";

    private async Task AnswerAsync(HttpContext http)
    {
        var requestId = PublicId.Write(PublicId.Request, Ulid.Create(clock));
        http.Features.Set(new RequestId(requestId));
        http.Response.Headers[RequestIdHeader] = requestId;
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await CarryOutAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to hear an answer.
            http.Abort();
        }
        catch (BadHttpRequestException problem)
        {
            await AnswerAsync(http, problem.StatusCode, ProblemCode.InvalidRequest, "The request cannot be read.");
        }
        catch (Exception problem) when (problem is LedgerUnavailableException or NpgsqlException or TimeoutException)
        {
            ApiLog.Unavailable(log, problem, requestId);
            await AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, ProblemCode.ServiceUnavailable, "Try again, with the same Idempotency-Key.");
        }
        catch (Exception problem)
        {
            ApiLog.Failed(log, problem, requestId);
            await AnswerAsync(http, StatusCodes.Status500InternalServerError, ProblemCode.InternalError, "A mistake of ours; it has been noted under the request's identifier.");
        }
    }

    private async Task CarryOutAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is null)
        {
            var tenant = await keys.FindAsync(http.Request.Headers.Authorization, http.RequestAborted);
            if (tenant is null)
            {
                http.Response.Headers.WWWAuthenticate = "Bearer realm=\"processor\"";
                await AnswerAsync(http, StatusCodes.Status401Unauthorized, ProblemCode.Unauthorized, "Send an API key as Authorization: Bearer.");
                return;
            }

            http.Features.Set(tenant);
        }

        await next(http);
        if (http.Response.HasStarted || http.Response.ContentType is not null)
            return;
        if (http.Response.StatusCode == StatusCodes.Status404NotFound)
            await AnswerAsync(http, StatusCodes.Status404NotFound, ProblemCode.NotFound, "There is nothing at that path.");
        else if (http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
            await AnswerAsync(http, StatusCodes.Status405MethodNotAllowed, ProblemCode.InvalidRequest, "That path does not take that method; Allow says which it takes.");
    }

    private static async Task AnswerAsync(HttpContext http, int status, string code, string detail)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        if (status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        await Problem.Of(http, status, code, detail).ExecuteAsync(http);
    }

    private sealed record RequestId(string Text);

    /// <summary>Marks an endpoint that needs no key.</summary>
    internal sealed class OpenToAll;
}
