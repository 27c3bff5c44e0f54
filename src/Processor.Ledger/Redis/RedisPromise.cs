namespace Processor.Ledger;

/// <summary>What a Redis promises of a batch that it has answered.</summary>
/// <param name="Fsync"><c>always</c>, <c>everysec</c>, <c>no</c>; <c>off</c> without an append-only file; <c>unknown</c> when it does not tell.</param>
/// <param name="IsEvicting">True when it forgets what it holds once its memory is full.</param>
/// <param name="IsCluster">True when it is one of several masters.</param>
internal sealed record RedisPromise(string Fsync, bool IsEvicting, bool IsCluster = false)
{
    internal const string Always = "always";

    /// <summary>Reads the answers to <c>INFO</c> and <c>CONFIG GET appendfsync</c>.</summary>
    /// <param name="info">Lines of <c>name:value</c>.</param>
    /// <param name="fsync">The setting; null where the server keeps its configuration to itself.</param>
    internal static RedisPromise Read(string info, string? fsync)
    {
        var isAppendOnly = ValueOf(info, "aof_enabled") == "1";
        var policy = ValueOf(info, "maxmemory_policy") ?? "noeviction";
        var isBounded = (ValueOf(info, "maxmemory") ?? "0") != "0";
        return new(isAppendOnly ? fsync ?? "unknown" : "off", isBounded && policy != "noeviction", ValueOf(info, "cluster_enabled") == "1");
    }

    /// <summary>Reads the answer to <c>CONFIG GET</c> of one name.</summary>
    internal static string? SettingOf(RespReply answer) => (RespReply[]?)answer is [_, var value] ? (string?)value : null;

    /// <summary>A line of <c>INFO</c>; null when it has none of that name.</summary>
    internal static string? ValueOf(string info, string name)
    {
        foreach (var line in info.AsSpan().EnumerateLines())
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.Ordinal))
                return line[(name.Length + 1)..].ToString();
        }

        return null;
    }
}
