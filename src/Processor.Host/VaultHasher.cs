using Processor.Cards;
using Processor.Security;
using Processor.Switch;

namespace Processor.Host;

/// <summary>Lets the switch hash PANs without seeing the vault.</summary>
internal sealed class VaultHasher(PanVault vault) : IPanHasher
{
    public PanHash Hash(Pan pan) => vault.Hash(pan);
}
