using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>The product must allow cash to the card that asks for it.</summary>
internal static class PermissionRule
{
    internal static DeclineReason Check(in Scene scene) =>
        scene.IsCash && (scene.Account.Card(scene.Request.Card).Options & CardOptions.Cash) == 0
            ? DeclineReason.TransactionNotPermittedCardholder
            : DeclineReason.None;
}
