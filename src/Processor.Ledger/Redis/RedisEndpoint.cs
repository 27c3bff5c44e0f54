using System.Globalization;

namespace Processor.Ledger;

/// <summary>Where a Redis listens.</summary>
/// <param name="Host">A name or an address. Empty in what a node tells of itself: the host that was asked.</param>
/// <param name="Port">1 to 65,535.</param>
internal readonly record struct RedisEndpoint(string Host, int Port)
{
    internal const int PortDefault = 6379;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>The same, with a host where it names none.</summary>
    internal RedisEndpoint On(string host) => Host.Length > 0 ? this : this with { Host = host };

    /// <summary>Reads <c>host:port</c>, <c>host</c>, <c>:port</c> or <c>[address of version 6]:port</c>.</summary>
    internal static bool TryParse(string text, out RedisEndpoint endpoint)
    {
        var colon = text.LastIndexOf(':');
        var hasPort = colon >= 0 && !text.EndsWith(']');
        var port = PortDefault;
        endpoint = default;
        if (hasPort && (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > ushort.MaxValue))
            return false;
        endpoint = new((hasPort ? text[..colon] : text).Trim('[', ']'), port);
        return true;
    }
}
