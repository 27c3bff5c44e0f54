using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>What a host agrees on with the others, from which a test can cut it off: Postgres does not answer it then.</summary>
internal sealed class CutOff(ILedgerRecovery recovery) : PassedOn(recovery)
{
    /// <summary>True while nothing that it asks is answered.</summary>
    internal bool IsCut { get; set; }

    /// <summary>True while it cannot even find that out: it looks after nothing.</summary>
    internal bool IsStuck { get; set; }

    protected override ILedgerRecovery Next => IsCut ? throw new TimeoutException("Postgres does not answer this host.") : base.Next;

    public override async Task<IReadOnlyList<PartitionStanding>> BeatAsync(int writer, CancellationToken cancellation)
    {
        while (IsStuck)
            await Task.Delay(10, cancellation);
        return await base.BeatAsync(writer, cancellation);
    }
}
