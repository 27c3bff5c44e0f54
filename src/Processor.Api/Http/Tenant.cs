using Microsoft.AspNetCore.Http;
using Processor.Cards;

namespace Processor.Api;

/// <summary>On whose behalf a request is made: the program of its API key.</summary>
internal sealed record Tenant(ProgramProfile Program)
{
    /// <summary>Number of the program in the records.</summary>
    internal int Number => Program.Number;

    /// <summary>Lets an endpoint take it as an argument.</summary>
    public static ValueTask<Tenant?> BindAsync(HttpContext http) => new(http.Features.Get<Tenant>());
}
