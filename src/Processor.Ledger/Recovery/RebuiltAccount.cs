using Processor.Cards;

namespace Processor.Ledger;

/// <summary>An account as it goes back to Redis.</summary>
/// <param name="Id">The account.</param>
/// <param name="Fields">Names and values of all fields of its hash.</param>
/// <param name="Cards">Its cards' entries in the directory of PANs.</param>
public sealed record RebuiltAccount(Ulid Id, IReadOnlyList<KeyValuePair<byte[], byte[]>> Fields, IReadOnlyList<RebuiltCard> Cards);
