using Microsoft.Extensions.Logging;
using Processor.Authorization;
using Processor.Ledger;

namespace Processor.Switch;

/// <summary>What all endpoints of a host share: the ledger, the card directory, the deadlines, the pool, metrics and log.</summary>
public sealed class Switchboard : IDisposable
{
    private const int PooledMax = 8192;

    /// <summary>Compiles the endpoints.</summary>
    /// <param name="settings">Checked here.</param>
    /// <param name="ledger">Decides and commits.</param>
    /// <param name="cards">Leads from a PAN's hash to its account.</param>
    /// <param name="hasher">Hashes PANs.</param>
    /// <param name="programs">Whose PANs may be ours.</param>
    /// <param name="clock">Arrivals and deadlines.</param>
    /// <param name="metrics">Owned by the caller.</param>
    /// <param name="log">Receives no content of messages.</param>
    /// <param name="zoneKeys">Takes keys of links from networks; without it none are taken.</param>
    /// <param name="credentials">Looks at credentials; without it those that a program checks are not approved.</param>
    /// <param name="codes">Checks and makes the authentication codes of messages; without it endpoints that have a key for them approve nothing.</param>
    /// <param name="records">Knows the cards that the directory may have lost; without it a PAN that is not there is no card's.</param>
    /// <exception cref="SwitchSettingsException">A setting or a table is wrong; the message names the key.</exception>
    /// <exception cref="Iso8583.DialectException">A dialect is missing or wrong.</exception>
    public Switchboard(
        SwitchSettings settings,
        ILedger ledger,
        ICardDirectory cards,
        IPanHasher hasher,
        ProgramDirectory programs,
        TimeProvider clock,
        SwitchMetrics metrics,
        ILogger<Switchboard> log,
        CredentialCheck? credentials = null,
        ZoneKeyExchange? zoneKeys = null,
        MessageCodes? codes = null,
        ICardRecords? records = null)
    {
        settings.Validate();
        Endpoints = [.. settings.Endpoints.Select(endpoint => new Endpoint(endpoint))];
        Ledger = ledger;
        Cards = cards;
        Hasher = hasher;
        Programs = programs;
        Clock = clock;
        Metrics = metrics;
        Log = log;
        Search = new(ledger, cards, records, clock, metrics, log);
        ZoneKeys = zoneKeys ?? new ZoneKeyExchange(custody: null);
        Codes = codes ?? MessageCodes.WithoutModule();
        Credentials = credentials ?? CredentialCheck.WithoutModule();
        LateRequests = new(ledger, clock, log);
        var deadlineMax = settings.Endpoints.Select(endpoint => endpoint.DeadlineMilliseconds).DefaultIfEmpty().Max();
        Deadlines = new(clock, TimeSpan.FromMilliseconds(deadlineMax));
        Contexts = new(this, PooledMax);
    }

    /// <summary>The endpoints, in the order of the settings.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; }

    internal ILedger Ledger { get; }

    internal ICardDirectory Cards { get; }

    internal CardSearch Search { get; }

    internal IPanHasher Hasher { get; }

    internal ProgramDirectory Programs { get; }

    internal TimeProvider Clock { get; }

    internal SwitchMetrics Metrics { get; }

    internal ILogger Log { get; }

    internal CredentialCheck Credentials { get; }

    internal MessageCodes Codes { get; }

    internal ZoneKeyExchange ZoneKeys { get; }

    internal LateRequests LateRequests { get; }

    internal DeadlineWheel Deadlines { get; }

    internal ContextPool Contexts { get; }

    /// <summary>Stops the deadlines; call it after the listeners have stopped.</summary>
    public void Dispose()
    {
        Deadlines.Dispose();
        LateRequests.Dispose();
    }
}
