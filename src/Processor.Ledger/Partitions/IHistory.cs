using Processor.Cards;

namespace Processor.Ledger;

/// <summary>What Postgres remembers of holds that Redis has let go; <c>Processor.Records</c> implements it.</summary>
public interface IHistory
{
    /// <summary>Finds the hold of a request key, and the hold that a message names as its original.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="key">The message's own request key.</param>
    /// <param name="original">How it names its original.</param>
    /// <param name="transaction">A transaction whose messages on that card are wanted as well; <see cref="Ulid.None"/> for none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>None, one or both, each the key and the value of the hold field as it last was. When the original neither holds nor has
    /// anything posted, its transaction's other messages on that card follow: its money may be with one of them.</returns>
    /// <exception cref="Exception">Postgres cannot be asked; the operation completes as unavailable.</exception>
    ValueTask<IReadOnlyList<KeyValuePair<UInt128, byte[]>>> FindAsync(Ulid accountId, UInt128 key, OriginalQuery original, Ulid transaction, CancellationToken cancellation);
}
