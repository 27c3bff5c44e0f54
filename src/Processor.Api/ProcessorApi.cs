using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Processor.Authorization;
using Processor.Records;

namespace Processor.Api;

/// <summary>The façade as a host takes it in.</summary>
public static class ProcessorApi
{
    private static readonly PathString Root = "/v1";

    /// <summary>Adds what the façade needs. The host adds before or after: <see cref="RecordsDatabase"/>, <see cref="RecordsSettings"/>,
    /// <c>ILedger</c>, <c>ICardDirectory</c>, <c>PanVault</c>, <c>IHsm</c>, <see cref="INetworkProfiles"/> and <see cref="TimeProvider"/>, all as singletons.</summary>
    public static IServiceCollection AddProcessorApi(this IServiceCollection services)
    {
        services.TryAddSingleton<AccountQueries>();
        services.TryAddSingleton<ApiKeyQueries>();
        services.TryAddSingleton<CardQueries>();
        services.TryAddSingleton<IdempotencyKeyQueries>();
        services.TryAddSingleton<ProgramQueries>();
        services.TryAddSingleton<TransactionQueries>();
        services.TryAddSingleton<ScriptQueries>();
        services.TryAddSingleton<PinIssuer>();
        services.TryAddSingleton<CardIssuance>();
        services.TryAddSingleton<ApiKeyLookup>();
        services.TryAddSingleton<IdempotentRequests>();
        services.TryAddSingleton<LedgerDesk>();
        services.TryAddSingleton<AccountEndpoints>();
        services.TryAddSingleton<CardEndpoints>();
        services.TryAddSingleton<CardPinEndpoints>();
        services.TryAddSingleton<CardScriptEndpoints>();
        services.TryAddSingleton<CardTransferEndpoints>();
        services.TryAddSingleton<TransactionEndpoints>();
        services.TryAddSingleton<ApiMetrics>();
        services.AddHostedService<IdempotencyKeyExpiry>();

        // The framework tells paths in these lines and scopes, and a caller may have put a PAN or a key into one.
        services.AddLogging(logging => logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
        return services;
    }

    /// <summary>Serves everything under <c>/v1</c>. Other paths are the host's.</summary>
    public static void MapProcessorApi(this WebApplication app)
    {
        app.UseWhen(http => http.Request.Path.StartsWithSegments(Root), branch => branch.UseMiddleware<ApiPipeline>());
        CardEndpoints.Map(app);
        CardPinEndpoints.Map(app);
        CardScriptEndpoints.Map(app);
        CardTransferEndpoints.Map(app);
        AccountEndpoints.Map(app);
        ProgramEndpoints.Map(app);
        TransactionEndpoints.Map(app);
        OpenApiEndpoint.Map(app);
    }
}
