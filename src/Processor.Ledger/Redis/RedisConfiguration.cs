using System.Globalization;

namespace Processor.Ledger;

/// <summary>Where Redis is and how to come in: end points and options, separated by commas, as StackExchange.Redis writes them.</summary>
/// <remarks>
/// <c>10.0.0.1:6379,10.0.0.2:6379,user=processor,password=…,ssl=true</c>. Of a Redis Cluster any masters, of a master with replicas all of
/// them. Options that mean nothing here are taken and not used, so that a configuration written for that client does.
/// </remarks>
internal sealed class RedisConfiguration
{
    private static readonly HashSet<string> Unused = new(StringComparer.OrdinalIgnoreCase)
    {
        "abortConnect", "allowAdmin", "asyncTimeout", "configChannel", "configCheckSeconds", "connectRetry", "defaultVersion", "keepAlive",
        "preserveAsyncOrder", "proxy", "resolveDns", "responseTimeout", "serviceName", "syncTimeout", "tiebreaker", "version", "writeBuffer",
    };

    /// <summary>At least one.</summary>
    internal IReadOnlyList<RedisEndpoint> Endpoints { get; private init; } = [];

    /// <summary>Empty: the default user.</summary>
    internal string User { get; private set; } = "";

    /// <summary>Empty: none.</summary>
    internal string Password { get; private set; } = "";

    internal int Database { get; private set; }

    internal bool IsEncrypted { get; private set; }

    /// <summary>The name that the certificate must bear; empty: the end point's host.</summary>
    internal string CertificateHost { get; private set; } = "";

    internal string ClientName { get; private set; } = "processor";

    internal TimeSpan ConnectTimeout { get; private set; } = TimeSpan.FromSeconds(5);

    /// <exception cref="FormatException">An option is not known or has a value that it cannot have, or there is no end point.</exception>
    internal static RedisConfiguration Parse(string text)
    {
        var endpoints = new List<RedisEndpoint>();
        var configuration = new RedisConfiguration { Endpoints = endpoints };
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var first = Array.FindIndex(parts, part => part.Contains('='));
        for (var index = 0; index < parts.Length; index++)
        {
            // What stands behind a password may be the rest of it: it is told by its number alone.
            var part = parts[index];
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
                configuration.Set(part[..equals].Trim(), part[(equals + 1)..].Trim(), index + 1);
            else if (first >= 0 && index > first)
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Redis: part {index + 1} is no option, and end points stand before the options."));
            else if (RedisEndpoint.TryParse(part, out var endpoint) && endpoint.Host.Length > 0 && (part[0] == '[' || part.Count(':') < 2))
                endpoints.Add(endpoint);
            else
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Redis: end point {index + 1} is not written as host:port."));
        }

        return endpoints.Count > 0 ? configuration : throw new FormatException("Redis: there is no end point.");
    }

    private void Set(string option, string value, int number)
    {
        switch (option.ToUpperInvariant())
        {
            case "USER":
                User = value;
                break;
            case "PASSWORD":
                Password = value;
                break;
            case "NAME":
                ClientName = value.All(item => item is > ' ' and <= '~') ? value : throw Wrong(option, "a name without spaces");
                break;
            case "SSLHOST":
                CertificateHost = value;
                break;
            case "SSL":
                IsEncrypted = bool.TryParse(value, out var isEncrypted) ? isEncrypted : throw Wrong(option, "true or false");
                break;
            case "DEFAULTDATABASE":
                Database = (int)NumberOf(option, value, 0, 1_000_000, "a number of a database");
                break;
            case "CONNECTTIMEOUT":
                ConnectTimeout = TimeSpan.FromMilliseconds(NumberOf(option, value, 1, 600_000, "milliseconds"));
                break;
            default:
                if (!Unused.Contains(option))
                    throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Redis: option {(Password.Length > 0 || !option.All(char.IsAsciiLetter) ? $"in part {number}" : option)} is not known."));
                break;
        }
    }

    private static long NumberOf(string option, string value, int min, int max, string what) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : throw Wrong(option, what);

    private static FormatException Wrong(string option, string wanted) => new($"Redis: option {option} must be {wanted}.");
}
