using Processor.Cards;
using Processor.Ledger;

namespace Processor.Api.Tests;

/// <summary>A past in which nothing happened: these tests let no hold leave Redis.</summary>
internal sealed class NoHistory : IHistory
{
    public ValueTask<IReadOnlyList<KeyValuePair<UInt128, byte[]>>> FindAsync(Ulid accountId, UInt128 key, OriginalQuery original, Ulid transaction, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<KeyValuePair<UInt128, byte[]>>>([]);
}
