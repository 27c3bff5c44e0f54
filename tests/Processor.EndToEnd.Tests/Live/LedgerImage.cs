using System.Runtime.InteropServices;
using System.Text;
using Processor.Cards;
using Processor.Ledger;
using StackExchange.Redis;

namespace Processor.EndToEnd.Tests;

/// <summary>Balances and holds as they lie in Redis, read field by field past the host.</summary>
internal sealed class LedgerImage
{
    private readonly Dictionary<Ulid, BalanceRecord> balances = [];
    private readonly List<HoldRecord> holds = [];

    /// <summary>The balance of each account; each has one currency.</summary>
    internal IReadOnlyDictionary<Ulid, BalanceRecord> Balances => balances;

    /// <summary>The holds of all accounts.</summary>
    internal IReadOnlyList<HoldRecord> Holds => holds;

    internal static async Task<LedgerImage> ReadAsync(LiveSystem system)
    {
        var image = new LedgerImage();
        await system.ReadRedisAsync(async redis =>
        {
            foreach (var key in LiveSystem.KeysOf(redis, "{p*}:acct:*"))
            {
                if (!Ulid.TryParse(((string)key!).Split(':')[^1], out var account))
                    throw new InvalidOperationException("A key of Redis names no account.");
                image.Load(account, await redis.HashGetAllAsync(key));
            }
        });
        return image;
    }

    /// <summary>DE 37 of a hold.</summary>
    internal static string ReferenceOf(in HoldRecord hold) => Text(hold.RetrievalReference);

    /// <summary>DE 38 of a hold; empty for none.</summary>
    internal static string ApprovalCodeOf(in HoldRecord hold) => Text(hold.ApprovalCode);

    private static string Text(ReadOnlySpan<byte> ascii) => Encoding.ASCII.GetString(ascii.Trim(" \0"u8));

    // a account; b+u16 balance; h+u128 hold; others do not matter here.
    private void Load(Ulid account, HashEntry[] fields)
    {
        foreach (var field in fields)
        {
            var name = (byte[])field.Name!;
            if (name[0] == (byte)'b')
                balances[account] = MemoryMarshal.Read<BalanceRecord>((byte[])field.Value!);
            else if (name[0] == (byte)'h')
                holds.Add(MemoryMarshal.Read<HoldRecord>((byte[])field.Value!));
        }
    }
}
