using System.Globalization;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace Processor.EndToEnd.Tests;

/// <summary>Calls of the commit script that a Redis has carried out, and the batches that there were.</summary>
/// <param name="Done">Calls that did not end in an error. One that was overtaken, or told again what it had done before, is among them.</param>
/// <param name="Batches">The highest number of a batch of each host, together: not more batches can have been committed.</param>
internal sealed partial record ScriptCalls(long Done, long Batches)
{
    /// <summary>Counts them.</summary>
    /// <param name="configuration">One Redis, or all masters of a Cluster.</param>
    internal static async Task<ScriptCalls> CountAsync(string configuration)
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.AllowAdmin = true;
        var redis = await ConnectionMultiplexer.ConnectAsync(options);
        try
        {
            var (done, latest) = (0L, new Dictionary<string, long>(StringComparer.Ordinal));
            foreach (var node in redis.GetEndPoints().Select(endpoint => redis.GetServer(endpoint)))
            {
                var calls = Calls().Match(await node.InfoRawAsync("commandstats"));
                if (calls.Success)
                    done += Number(calls.Groups[1].Value) - Number(calls.Groups[2].Value);
                foreach (var key in node.Keys(pattern: "{p*}:meta", pageSize: 1_000))
                {
                    foreach (var field in await redis.GetDatabase().HashGetAllAsync(key))
                    {
                        if (Batch().Match($"{field.Name} {field.Value}") is { Success: true } batch)
                            latest[batch.Groups[1].Value] = Math.Max(latest.GetValueOrDefault(batch.Groups[1].Value), Number(batch.Groups[2].Value));
                    }
                }
            }

            return new ScriptCalls(done, latest.Values.Sum());
        }
        finally
        {
            redis.Close(allowCommandsToComplete: false);
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("cmdstat_evalsha:calls=([0-9]+),.*failed_calls=([0-9]+)")]
    private static partial Regex Calls();

    // A host's field of the metadata: its name, the number of its latest batch, and more.
    [GeneratedRegex("^(w[0-9]+) ([0-9]+) ")]
    private static partial Regex Batch();
}
