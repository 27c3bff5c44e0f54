using Microsoft.Extensions.Logging;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Switch;

/// <summary>
/// Requests that were answered 91 because their deadline passed while the ledger had them. Until it is certain that nothing of them
/// remains, their repeats are told 91 as well; a decision that commits after all is undone by one more operation.
/// </summary>
internal sealed class LateRequests(ILedger ledger, TimeProvider clock, ILogger log) : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, int> keys = [];
    private int count;

    /// <summary>Notes a request; it may be noted more than once.</summary>
    internal void Add(UInt128 key)
    {
        lock (gate)
        {
            keys[key] = keys.GetValueOrDefault(key) + 1;
            Volatile.Write(ref count, keys.Count);
        }
    }

    /// <summary>Takes one note back.</summary>
    internal void Remove(UInt128 key)
    {
        lock (gate)
        {
            if (keys.TryGetValue(key, out var notes) && notes > 1)
                keys[key] = notes - 1;
            else
                keys.Remove(key);
            Volatile.Write(ref count, keys.Count);
        }
    }

    /// <summary>True while a request of that key is late.</summary>
    internal bool Has(UInt128 key)
    {
        if (Volatile.Read(ref count) == 0)
            return false;
        lock (gate)
            return keys.ContainsKey(key);
    }

    /// <summary>Releases what a late decision holds, and makes 91 its stored answer. The first try is submitted before this returns,
    /// ahead of all that waits.</summary>
    internal void Undo(AuthorizationOperation operation) => _ = UndoAsync(operation.AccountId, operation.Key);

    /// <summary>Gives up what is still to be undone; the holds end at their expiry.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private async Task UndoAsync(Ulid accountId, UInt128 key)
    {
        try
        {
            while (await ledger.RunAsync(new LateReleaseCommand { AccountId = accountId, RequestKey = key }) is CommitOutcome.Unavailable or CommitOutcome.Unknown)
            {
                SwitchLog.LateReleaseDelayed(log);
                await Task.Delay(RetryDelay, clock, stopping.Token);
            }

            Remove(key);
        }
        catch (OperationCanceledException)
        {
            SwitchLog.LateReleaseGivenUp(log, accountId);
        }
    }
}
