using Processor.Cards;

namespace Processor.Ledger;

/// <summary>A card as the records know it. Its place in the account is the ledger's to say.</summary>
/// <param name="Pan">Its PAN.</param>
/// <param name="CardId">The card.</param>
/// <param name="AccountId">The account that it draws on; the ledger does not have it before the card is issued.</param>
/// <param name="Program">Number of the program.</param>
public readonly record struct RecordedCard(PanHash Pan, Ulid CardId, Ulid AccountId, int Program);
