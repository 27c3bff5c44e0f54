using Processor.Cards;

namespace Processor.Switch;

/// <summary>Makes the keyed hash of a PAN; the host gives the vault's. Safe from many threads; allocates nothing.</summary>
public interface IPanHasher
{
    /// <summary>The hash under which the PAN is looked up.</summary>
    PanHash Hash(Pan pan);
}
