using Processor.Cards;

namespace Processor.Ledger;

/// <summary>A card's entry in the directory of PANs.</summary>
public readonly record struct RebuiltCard(PanHash Pan, int Program, CardInstance Instance);
