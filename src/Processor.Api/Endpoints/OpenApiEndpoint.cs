using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Processor.Api;

/// <summary><c>/v1/openapi.json</c>: the contract, as it stands in <c>specs/api</c>. It needs no key.</summary>
internal static class OpenApiEndpoint
{
    internal const string Path = "/v1/openapi.json";

    private static readonly Lazy<byte[]> Document = new(Read);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, Get).WithMetadata(new ApiPipeline.OpenToAll());

    private static FileContentHttpResult Get() => TypedResults.Bytes(Document.Value, ApiJson.ContentType);

    private static byte[] Read()
    {
        using var stream = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json")
            ?? throw new InvalidOperationException("The OpenAPI document is not in the assembly.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
