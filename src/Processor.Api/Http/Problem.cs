using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Processor.Api;

/// <summary>Makes the façade's errors. Nothing of the request is repeated in them: a caller may have sent a secret where none belongs.</summary>
internal static class Problem
{
    /// <summary>Status, code and a sentence.</summary>
    internal static JsonHttpResult<ProblemBody> Of(
        HttpContext http, int status, string code, string detail, IReadOnlyList<ProblemError>? errors = null, string? resourceId = null)
    {
        var requestId = ApiPipeline.RequestIdOf(http);
        var body = new ProblemBody
        {
            Type = "https://processor.dev/problems/" + code.Replace('_', '-'),
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = detail,
            Instance = "urn:processor:request:" + requestId,
            Code = code,
            RequestId = requestId,
            Errors = errors,
            ResourceId = resourceId,
        };
        return TypedResults.Json(body, ApiJson.Options, ApiJson.ProblemContentType, status);
    }

    /// <summary>Unknown, or another tenant's: the two are told alike.</summary>
    internal static JsonHttpResult<ProblemBody> NotFound(HttpContext http, string what) =>
        Of(http, StatusCodes.Status404NotFound, ProblemCode.NotFound, $"There is no {what} of that identifier.");

    /// <summary>Fields that are wrong.</summary>
    internal static JsonHttpResult<ProblemBody> Invalid(HttpContext http, IReadOnlyList<ProblemError> errors, string code = ProblemCode.ValidationFailed) =>
        Of(http, StatusCodes.Status400BadRequest, code, "The request is not as it has to be; errors says where.", errors);
}
