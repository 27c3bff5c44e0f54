using System.Globalization;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>Names of the keys. <c>{pN}</c> is the hash tag: all keys of a partition share a slot of a Redis Cluster.</summary>
internal static class RedisNames
{
    /// <summary>Every account's key, as <c>SCAN</c> takes it.</summary>
    internal const string Accounts = "{p*}:acct:*";

    internal static string Meta(int partition) => string.Create(CultureInfo.InvariantCulture, $"{{p{partition}}}:meta");

    internal static string Journal(int partition) => string.Create(CultureInfo.InvariantCulture, $"{{p{partition}}}:journal");

    internal static string Account(int partition, Ulid account) => string.Create(CultureInfo.InvariantCulture, $"{{p{partition}}}:acct:{account}");

    /// <summary>The account of a key; null for a key that is none of an account's.</summary>
    internal static Ulid? AccountOf(string key) => Ulid.TryParse(key.AsSpan(key.LastIndexOf(':') + 1), out var account) ? account : null;

    internal static string Pan(PanHash pan) => "pan:" + pan;

    /// <summary>The partition of an account: its identifier's low bits, which are evenly spread, mixed with the high ones.</summary>
    internal static int PartitionOf(Ulid account, int partitions)
    {
        var mixed = ((ulong)account.Value ^ (ulong)(account.Value >> 64)) * 0x9E3779B97F4A7C15UL;
        return (int)((mixed >> 33) % (ulong)partitions);
    }
}
