using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Wires the records into a host.</summary>
public static class RecordsServices
{
    /// <summary>Adds the database, what it answers, and recorder, projector and pruner as far as the settings ask for them.
    /// The host adds a <see cref="TimeProvider"/>, logging and an <see cref="IJournal"/>, and applies the migrations before it starts.</summary>
    public static IServiceCollection AddRecords(this IServiceCollection services, RecordsSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<RecordsDatabase>();
        services.AddSingleton<RecordsMetrics>();
        services.AddSingleton<Migrator>();
        services.AddSingleton<BooksCheck>();
        services.TryAddSingleton<ProgramQueries>();
        services.TryAddSingleton<CardQueries>();
        services.TryAddSingleton<CardStateQueries>();
        services.TryAddSingleton<AccountQueries>();
        services.TryAddSingleton<DueAccountQueries>();
        services.TryAddSingleton<ApiKeyQueries>();
        services.TryAddSingleton<HealthQueries>();
        services.TryAddSingleton<ScriptQueries>();
        services.TryAddSingleton<TransactionQueries>();
        services.TryAddSingleton<VaultKeyQueries>();
        services.AddSingleton<ILedgerRegistry, LedgerRegistry>();
        services.AddSingleton<LedgerRecovery>();
        services.AddSingleton<ILedgerRecovery>(provider => provider.GetRequiredService<LedgerRecovery>());
        services.AddSingleton<IHistory, History>();
        services.AddSingleton<ICardRecords, RecordedCards>();
        services.AddSingleton<JournalRecorder>();
        services.AddSingleton<Projector>();
        services.AddSingleton<Pruner>();
        if (settings.IsRecorder)
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<JournalRecorder>());
        if (settings.IsProjector)
        {
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Projector>());
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Pruner>());
        }

        return services;
    }
}
