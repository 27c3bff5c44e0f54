using Processor.Ledger;

namespace Processor.Bench;

/// <summary>Purchases and their reversals, each committed with a script call of its own and in order, whoever asks for the next one.</summary>
internal sealed class DurableOperations : IAsyncDisposable
{
    private const int Accounts = 10_000;

    private readonly Lock gate = new();
    private readonly PreparedBatches batches;
    private readonly RedisLink link;
    private readonly byte[] script;

    private DurableOperations(PreparedBatches batches, RedisLink link, byte[] script)
    {
        this.batches = batches;
        this.link = link;
        this.script = script;
    }

    /// <summary>Connects, and opens the accounts.</summary>
    public static async Task<DurableOperations> OpenAsync(string redis, TimeProvider clock)
    {
        var link = await RedisLink.ConnectAsync(redis, clock);
        await link.SetFieldAsync(PreparedBatches.Meta, "epoch", PreparedBatches.Epoch, onlyNew: false);
        var script = (await link.LoadScriptAsync(PreparedBatches.Meta, run: "", owner: "bench")).Script;
        var operations = new DurableOperations(new PreparedBatches(Accounts, clock), link, script);
        foreach (var batch in operations.batches.Open())
            await batch.CommitAsync(link, script);
        return operations;
    }

    /// <summary>Commits the next one. It is on its way to Redis when this returns.</summary>
    /// <exception cref="InvalidOperationException">It was not committed.</exception>
    public Task CommitNextAsync()
    {
        lock (gate)
            return batches.Make(1, 1)[0].CommitAsync(link, script);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        link.Dispose();
        return ValueTask.CompletedTask;
    }
}
