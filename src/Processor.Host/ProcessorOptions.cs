using System.Globalization;
using Processor.Ledger;
using Processor.Switch;

namespace Processor.Host;

/// <summary>The configuration section <c>Processor</c>; an environment variable is written <c>Processor__Redis</c>.</summary>
public sealed class ProcessorOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Processor";

    /// <summary>Redis: end points and options; see docs/operating.md. Required.</summary>
    public string Redis { get; set; } = "";

    /// <summary>Postgres, as Npgsql writes it. Required.</summary>
    public string Postgres { get; set; } = "";

    /// <summary>The file with the keys of PANs; made with owner-only permissions when it is missing. Required.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>What this process does: <c>switch</c>, <c>api</c>, <c>recorder</c>, <c>worker</c>, separated by commas.</summary>
    public string Roles { get; set; } = "switch,api,recorder,worker";

    /// <summary>IP address of the JSON façade and of the demo's endpoints; endpoints that are configured name their own.</summary>
    public string ListenAddress { get; set; } = "127.0.0.1";

    /// <summary>Port of the JSON façade.</summary>
    public int ApiPort { get; set; } = 8080;

    /// <summary>Added to every port, so that two hosts can run side by side.</summary>
    public int PortOffset { get; set; }

    /// <summary>Partitions of a ledger that is created; an existing one keeps its number.</summary>
    public int Partitions { get; set; } = 4;

    /// <summary>Lanes of this host.</summary>
    public int Lanes { get; set; } = 2;

    /// <summary>Operations of one script call at most.</summary>
    public int BatchMax { get; set; } = 256;

    /// <summary>Entries of one partition's journal in Redis at which it declines until the recorder has caught up.</summary>
    public int JournalEntriesMax { get; set; } = 500_000;

    /// <summary>Mebibytes of one partition's journal in Redis at which it declines until the recorder has caught up.</summary>
    public int JournalMebibytesMax { get; set; } = 1024;

    /// <summary>Mebibytes of accounts that this host keeps in memory.</summary>
    public int NearCacheMebibytes { get; set; } = 2048;

    /// <summary>Replicas of Redis that must have an approval before it is told; not for a Redis Cluster.</summary>
    public int ReplicasMin { get; set; }

    /// <summary>Minutes for which a repeat gets its first answer from Redis.</summary>
    public double RepeatWindowMinutes { get; set; } = 10;

    /// <summary>Seconds that a stopping host gives to what it has accepted.</summary>
    public double DrainSeconds { get; set; } = 10;

    /// <summary>True to seed the demo program and its cards.</summary>
    public bool Demo { get; set; }

    /// <summary>A file with the API key of the demo program; read when <see cref="Demo"/> is set.</summary>
    public string DemoApiKeyFile { get; set; } = "";

    /// <summary>Further demo cards for load, see <c>DemoCards.PanOf</c>.</summary>
    public int DemoLoadCards { get; set; }

    /// <summary>What checks PINs, card values and cryptograms.</summary>
    public SecurityModuleSettings SecurityModule { get; init; } = new();

    /// <summary>Where networks connect; when none is given, the three of the demo.</summary>
    public IList<EndpointSettings> Endpoints { get; init; } = [];

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="InvalidOperationException">A value is missing or cannot be used, or a key means nothing; the message names it.</exception>
    internal static ProcessorOptions Read(IConfiguration configuration)
    {
        // A misspelt key is an error: its value would silently stay what it is by default.
        var options = configuration.GetSection(Section).Get<ProcessorOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new ProcessorOptions();
        options.Validate();
        return options;
    }

    internal bool Has(string role) => Roles.Split(',', StringSplitOptions.TrimEntries).Contains(role, StringComparer.Ordinal);

    /// <summary>Checks what must be there.</summary>
    /// <exception cref="InvalidOperationException">A value is missing or cannot be used; the message names its key.</exception>
    internal void Validate()
    {
        Require(Redis, nameof(Redis));
        CheckRedis(Redis);
        Require(Postgres, nameof(Postgres));
        Require(KeyFile, nameof(KeyFile));
        if (!System.Net.IPAddress.TryParse(ListenAddress, out _))
            throw new InvalidOperationException($"{Section}:{nameof(ListenAddress)} is '{ListenAddress}', which is no IP address.");
        CheckRange(Partitions, 1, 1024, nameof(Partitions));
        CheckRange(Lanes, 1, 64, nameof(Lanes));
        CheckRange(BatchMax, 1, 1000, nameof(BatchMax));
        CheckRange(JournalEntriesMax, 10, int.MaxValue, nameof(JournalEntriesMax));
        CheckRange(JournalMebibytesMax, 1, 1 << 20, nameof(JournalMebibytesMax));
        CheckRange(NearCacheMebibytes, 1, 1 << 20, nameof(NearCacheMebibytes));
        CheckRange(ReplicasMin, 0, 100, nameof(ReplicasMin));
        CheckRange(ApiPort + PortOffset, 0, ushort.MaxValue, nameof(ApiPort));
        CheckRange(DemoLoadCards, 0, Cards.DemoCards.CountMax, nameof(DemoLoadCards));
        CheckRange(RepeatWindowMinutes, 0.01, 1440, nameof(RepeatWindowMinutes));
        CheckRange(DrainSeconds, 0, 3600, nameof(DrainSeconds));
        SecurityModule.Validate($"{Section}:{nameof(SecurityModule)}");
        for (var index = 0; index < Endpoints.Count; index++)
            CheckEndpoint(Endpoints[index], $"{Section}:{nameof(Endpoints)}:{index}");
        foreach (var role in Roles.Split(',', StringSplitOptions.TrimEntries))
        {
            if (role is not ("switch" or "api" or "recorder" or "worker"))
                throw new InvalidOperationException($"{Section}:{nameof(Roles)} names '{role}', which is not one of switch, api, recorder, worker.");
        }
    }

    private static void Require(string value, string key)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new InvalidOperationException($"{Section}:{key} is missing. As an environment variable it is {Section}__{key}.");
    }

    private static void CheckRange(double value, double low, double high, string key)
    {
        if (!(value >= low && value <= high))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{Section}:{key} is {value}, which is not within {low} and {high}."));
    }

    private static void CheckRedis(string configuration)
    {
        try
        {
            LedgerSettings.CheckRedis(configuration);
        }
        catch (FormatException refusal)
        {
            // "Redis: option …"
            throw new InvalidOperationException($"{Section}:{refusal.Message}", refusal);
        }
    }

    private static void CheckEndpoint(EndpointSettings endpoint, string key)
    {
        try
        {
            endpoint.Validate(key);
        }
        catch (SwitchSettingsException refusal)
        {
            throw new InvalidOperationException(refusal.Message, refusal);
        }
    }
}
