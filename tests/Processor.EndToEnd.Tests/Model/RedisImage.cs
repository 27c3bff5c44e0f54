using System.Globalization;
using StackExchange.Redis;

namespace Processor.EndToEnd.Tests;

/// <summary>What a Redis has, or all masters of a Cluster, byte by byte.</summary>
internal static class RedisImage
{
    private const string Directory = "pan:";

    /// <summary>The fields of each account as one text, by the account's key, and each entry of the directory of PANs.</summary>
    internal static Task<SortedDictionary<string, string>> ReadAsync(string configuration) => ReadAsync(configuration, "{p*}:acct:*", Directory + "*");

    /// <summary>The same of one partition's accounts alone.</summary>
    internal static Task<SortedDictionary<string, string>> ReadPartitionAsync(string configuration, int partition) =>
        ReadAsync(configuration, string.Create(CultureInfo.InvariantCulture, $"{{p{partition}}}:acct:*"));

    /// <summary>The same of the directory alone.</summary>
    internal static Task<SortedDictionary<string, string>> ReadDirectoryAsync(string configuration) => ReadAsync(configuration, Directory + "*");

    private static async Task<SortedDictionary<string, string>> ReadAsync(string configuration, params string[] patterns)
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.AllowAdmin = true;
        options.SyncTimeout = 30_000;
        var redis = await ConnectionMultiplexer.ConnectAsync(options);
        try
        {
            var image = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var servers = redis.GetEndPoints().Select(node => redis.GetServer(node));
            foreach (var key in servers.SelectMany(server => patterns.SelectMany(pattern => server.Keys(pattern: pattern, pageSize: 1_000))))
                image.Add(key!, await ReadAsync(redis.GetDatabase(), key));

            return image;
        }
        finally
        {
            redis.Close(allowCommandsToComplete: false);
        }
    }

    private static async Task<string> ReadAsync(IDatabase redis, RedisKey key)
    {
        if (key.ToString().StartsWith(Directory, StringComparison.Ordinal))
            return Convert.ToHexString((byte[])(await redis.StringGetAsync(key))!);
        var fields = await redis.HashGetAllAsync(key);
        return string.Join('\n', fields
            .Select(field => Convert.ToHexString((byte[])field.Name!) + "=" + Convert.ToHexString((byte[])field.Value!))
            .Order(StringComparer.Ordinal));
    }
}
