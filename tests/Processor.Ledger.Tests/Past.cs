using Processor.Cards;

namespace Processor.Ledger.Tests;

/// <summary>History that a test writes down.</summary>
internal sealed class Past : IHistory
{
    public List<KeyValuePair<UInt128, byte[]>> Holds { get; } = [];

    public bool IsAway { get; set; }

    public ValueTask<IReadOnlyList<KeyValuePair<UInt128, byte[]>>> FindAsync(Ulid accountId, UInt128 key, OriginalQuery original, CancellationToken cancellation) =>
        IsAway
            ? throw new TimeoutException("Postgres is away.")
            : ValueTask.FromResult<IReadOnlyList<KeyValuePair<UInt128, byte[]>>>(Holds);
}
