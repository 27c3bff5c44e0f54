using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Processor.Testing;
using Xunit;

namespace Processor.Api.Tests;

[Collection(FacadeTestGroup.Name)]
public sealed class OpenApiTests(Facade facade)
{
    [Fact]
    public void The_document_names_what_is_served_and_nothing_else()
    {
        var served = facade.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => $"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}"));

        Assert.Equal(OpenApiContract.Operations.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_is_served_to_all_as_it_stands()
    {
        using var answer = await facade.Http.GetAsync("/v1/openapi.json");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(await File.ReadAllTextAsync(RepositoryRoot.Specs("api", "openapi.json")), await answer.Content.ReadAsStringAsync());
    }
}
