using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Processor.Records;

namespace Processor.Api;

/// <summary>The façade as a host takes it in.</summary>
public static class ProcessorApi
{
    /// <summary>Adds what the façade needs. The host adds before or after: <see cref="RecordsDatabase"/>, <c>ILedger</c>,
    /// <c>ICardDirectory</c>, <c>PanVault</c> and <see cref="TimeProvider"/>, all as singletons.</summary>
    public static IServiceCollection AddProcessorApi(this IServiceCollection services)
    {
        services.TryAddSingleton<ProgramQueries>();
        services.TryAddSingleton<CardQueries>();
        services.TryAddSingleton<ApiKeyQueries>();
        services.TryAddSingleton<CardIssuance>();
        return services;
    }
}
