using Processor.Cards;

namespace Processor.Ledger;

/// <summary>From the keyed hash of a PAN to its account and card instances: <c>pan:&lt;hash&gt;</c> in Redis, near-cached.</summary>
public interface ICardDirectory
{
    /// <summary>Looks into the near cache alone.</summary>
    bool TryFind(PanHash pan, out CardDirectoryEntry entry);

    /// <summary>Asks Redis and keeps what it finds. A PAN that is not found is not remembered as unknown.</summary>
    /// <returns>The entry, or null when no card has that PAN.</returns>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    ValueTask<CardDirectoryEntry?> FindAsync(PanHash pan, CancellationToken cancellation);

    /// <summary>Adds an instance to the entry of a PAN, or makes the entry. Doing it twice changes nothing.</summary>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    Task AddAsync(PanHash pan, Ulid accountId, int program, CardInstance instance, CancellationToken cancellation);
}
