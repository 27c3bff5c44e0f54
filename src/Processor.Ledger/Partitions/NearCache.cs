using System.Diagnostics.CodeAnalysis;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>The accounts that a partition keeps in memory, bounded in bytes. Only its lane touches it.</summary>
/// <param name="bytesMax">Bytes at most, as <see cref="AccountAggregate.Bytes"/> counts them.</param>
internal sealed class NearCache(long bytesMax)
{
    private readonly Dictionary<Ulid, AccountAggregate> accounts = [];
    private readonly List<AccountAggregate> idle = [];
    private long bytes;

    /// <summary>Accounts in it. Read by metrics.</summary>
    internal int Count => accounts.Count;

    /// <summary>What they take. Read by metrics.</summary>
    internal long Bytes => Volatile.Read(ref bytes);

    internal bool TryGet(Ulid id, [NotNullWhen(true)] out AccountAggregate? account) => accounts.TryGetValue(id, out account);

    /// <summary>Takes an account in, in place of another of its id.</summary>
    internal void Put(AccountAggregate account)
    {
        Remove(account.Id);
        accounts.Add(account.Id, account);
        account.CountedBytes = 0;
        Weigh(account);
    }

    internal void Remove(Ulid id)
    {
        if (accounts.Remove(id, out var account))
            Volatile.Write(ref bytes, bytes - account.CountedBytes);
    }

    /// <summary>Counts again what an account takes, after it has changed.</summary>
    internal void Recount(AccountAggregate account)
    {
        if (accounts.TryGetValue(account.Id, out var known) && ReferenceEquals(known, account))
            Weigh(account);
    }

    internal void Clear()
    {
        accounts.Clear();
        Volatile.Write(ref bytes, 0);
    }

    /// <summary>Lets accounts go that were not used lately, until an eighth of the bound is free. What the latest turns used stays,
    /// even beyond the bound.</summary>
    internal void Trim(long turn)
    {
        if (bytes <= bytesMax)
            return;
        var rest = bytes;
        foreach (var account in accounts.Values)
        {
            if (account.UsedInTurn + 1 >= turn)
                continue;
            idle.Add(account);
            rest -= account.CountedBytes;
            if (rest <= bytesMax - (bytesMax / 8))
                break;
        }

        foreach (var account in idle)
            Remove(account.Id);
        idle.Clear();
    }

    private void Weigh(AccountAggregate account)
    {
        var now = account.Bytes;
        Volatile.Write(ref bytes, bytes + now - account.CountedBytes);
        account.CountedBytes = now;
    }
}
