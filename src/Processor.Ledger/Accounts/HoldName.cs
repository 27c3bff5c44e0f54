using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>The four ways in which a later message may name a hold, short enough that a search of all holds of a busy account reads
/// little memory. What matches here may still be another hold; what does not is surely none.</summary>
/// <param name="Stan">DE 11.</param>
/// <param name="Transmission">DE 7.</param>
/// <param name="Network">The network's id, folded.</param>
/// <param name="Reference">DE 37, folded.</param>
internal readonly record struct HoldName(uint Stan, uint Transmission, uint Network, uint Reference)
{
    internal static HoldName Of(in HoldRecord hold) => new(hold.Stan, hold.Transmission, Fold(hold.NetworkId), Fold(in hold.RetrievalReference));

    internal static HoldName Of(in OriginalQuery query) => new(query.Stan, query.Transmission, Fold(query.NetworkId), Fold(in query.RetrievalReference));

    /// <summary>False when a hold of this name is surely not what <paramref name="query"/> names in any of three ways: by DE 90, by the network's
    /// id, by its references. A part of the query that is zero names nothing.</summary>
    internal bool MayBe(in HoldName query) =>
        Reference == query.Reference
        || (query.Network != 0 && Network == query.Network)
        || ((query.Stan | query.Transmission) != 0
            && (query.Stan == 0 || query.Stan == Stan)
            && (query.Transmission == 0 || query.Transmission == Transmission));

    private static uint Fold(ulong id) => (uint)(id ^ (id >> 32));

    private static uint Fold(in Ascii12 reference)
    {
        var words = MemoryMarshal.Cast<byte, uint>((ReadOnlySpan<byte>)reference);
        return words[0] ^ (words[1] * 0x9E37_79B1u) ^ (words[2] * 0x85EB_CA77u);
    }
}
