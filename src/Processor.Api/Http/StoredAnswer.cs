using Microsoft.AspNetCore.Http;

namespace Processor.Api;

/// <summary>An answer that was stored under an idempotency key, byte for byte.</summary>
internal sealed class StoredAnswer(int status, byte[] body, bool isReplayed) : IResult, IStatusCodeHttpResult
{
    internal const string ReplayedHeader = "Idempotent-Replayed";

    public int? StatusCode => status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = status < StatusCodes.Status400BadRequest ? ApiJson.ContentType : ApiJson.ProblemContentType;
        response.ContentLength = body.Length;
        if (isReplayed)
            response.Headers[ReplayedHeader] = "true";
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
