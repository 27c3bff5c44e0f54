using Processor.Cards;

namespace Processor.Ledger;

/// <summary>The cards that there are, as Postgres has them: what the directory in Redis is made of; <c>Processor.Records</c> implements it.</summary>
public interface ICardRecords
{
    /// <summary>Lists the cards of some PANs, those that were issued first in front. A PAN that no card has is left out.</summary>
    /// <exception cref="Exception">Postgres cannot be asked: whether a card has one of the PANs is not known.</exception>
    Task<IReadOnlyList<RecordedCard>> ListAsync(IReadOnlyCollection<PanHash> pans, CancellationToken cancellation);
}
