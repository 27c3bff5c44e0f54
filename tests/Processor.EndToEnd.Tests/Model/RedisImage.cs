using StackExchange.Redis;

namespace Processor.EndToEnd.Tests;

/// <summary>Every account in a Redis, byte by byte.</summary>
internal static class RedisImage
{
    /// <summary>The fields of each account as one text, by the account's key.</summary>
    internal static async Task<SortedDictionary<string, string>> ReadAsync(string configuration)
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.AllowAdmin = true;
        options.SyncTimeout = 30_000;
        var redis = await ConnectionMultiplexer.ConnectAsync(options);
        try
        {
            var image = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var key in redis.GetServer(redis.GetEndPoints()[0]).Keys(pattern: "{p*}:acct:*", pageSize: 1_000))
            {
                var fields = await redis.GetDatabase().HashGetAllAsync(key);
                image.Add(key!, string.Join('\n', fields
                    .Select(field => Convert.ToHexString((byte[])field.Name!) + "=" + Convert.ToHexString((byte[])field.Value!))
                    .Order(StringComparer.Ordinal)));
            }

            return image;
        }
        finally
        {
            redis.Close(allowCommandsToComplete: false);
        }
    }
}
