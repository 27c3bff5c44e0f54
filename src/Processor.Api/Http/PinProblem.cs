using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Processor.Authorization;

namespace Processor.Api;

/// <summary>What a caller is told whose PIN was not taken.</summary>
internal static class PinProblem
{
    internal static JsonHttpResult<ProblemBody> Of(HttpContext http, PinIssueResult result)
    {
        switch (result)
        {
            case PinIssueResult.NotTaken:
                return Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, "The program takes no PINs.");
            case PinIssueResult.Unusable:
                return Problem.Of(http, StatusCodes.Status422UnprocessableEntity, ProblemCode.PinRejected, "The block holds no PIN for this card under the program's key.");
            default:
                http.Response.Headers.RetryAfter = ApiPipeline.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                return Problem.Of(http, StatusCodes.Status503ServiceUnavailable, ProblemCode.ServiceUnavailable, "The security module cannot be asked. Try again, with the same Idempotency-Key.");
        }
    }
}
