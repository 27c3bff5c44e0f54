using System.Collections.Concurrent;
using System.Security.Cryptography;
using Processor.Records;
using Processor.Security;

namespace Processor.Api;

/// <summary>From an API key to its program. What was found is kept for a few seconds, so that a revoked key ends soon.</summary>
internal sealed class ApiKeyLookup(ApiKeyQueries keys, ProgramQueries programs, TimeProvider clock)
{
    internal static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    private const string Scheme = "Bearer ";
    private const int CapacityMax = 10_000;

    private readonly ConcurrentDictionary<ApiKeyHash, Entry> known = new();

    /// <summary>The tenant of an Authorization header.</summary>
    /// <returns>Null when there is no header, another scheme, or no such key.</returns>
    internal async ValueTask<Tenant?> FindAsync(string? authorization, CancellationToken cancellation)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var hash = ApiKeyHash.Of(authorization.AsSpan(Scheme.Length).Trim());
        if (known.TryGetValue(hash, out var entry) && entry.Until > clock.GetTimestamp())
            return entry.Tenant;

        var bytes = hash.ToArray();
        var row = await keys.FindAsync(bytes, cancellation);
        if (row is null || !CryptographicOperations.FixedTimeEquals(row.Hash, bytes))
        {
            known.TryRemove(hash, out _);
            return null;
        }

        if (await programs.FindAsync(row.ProgramId, cancellation) is not { } program)
            return null;
        if (known.Count >= CapacityMax)
            known.Clear();
        var tenant = new Tenant(program);
        known[hash] = new(tenant, clock.GetTimestamp() + (long)(KeptFor.TotalSeconds * clock.TimestampFrequency));
        return tenant;
    }

    private sealed record Entry(Tenant Tenant, long Until);
}
