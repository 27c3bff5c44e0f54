using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Processor.Api;

using ProgramAnswer = Results<JsonHttpResult<ProgramBody>, JsonHttpResult<ProblemBody>>;

/// <summary><c>/v1/programs</c>: the program of the API key, and what it checks. An operator sets it.</summary>
internal sealed class ProgramEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/programs");
        group.MapGet("/", (Tenant tenant) => List(tenant));
        group.MapGet("/{programId}", (string programId, HttpContext http, Tenant tenant) => Get(programId, http, tenant));
    }

    // A key belongs to one program.
    private static JsonHttpResult<ListBody<ProgramBody>> List(Tenant tenant) =>
        ApiJson.Answer(new ListBody<ProgramBody>([ProgramBody.Of(tenant.Program)], HasMore: false, NextCursor: null));

    private static ProgramAnswer Get(string programId, HttpContext http, Tenant tenant)
    {
        if (!PublicId.TryRead(PublicId.Program, programId, out var id) || id != tenant.Program.Id)
            return Problem.NotFound(http, "program");
        return ApiJson.Answer(ProgramBody.Of(tenant.Program));
    }
}
