using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>The rules of a request, in the order of the reasons that they give: the first that objects decides.</summary>
internal static class RuleSet
{
    /// <summary>All checks but that of available money.</summary>
    internal static DeclineReason Check(in Scene scene, Amount decided)
    {
        var reason = TransactionRule.Check(in scene.Request);
        if (reason == DeclineReason.None)
            reason = CardRule.Check(in scene);
        if (reason == DeclineReason.None)
            reason = AccountRule.Check(in scene);
        if (reason == DeclineReason.None)
            reason = PermissionRule.Check(in scene);
        if (reason == DeclineReason.None)
            reason = CurrencyRule.Check(in scene.Request, decided);
        if (reason == DeclineReason.None)
            reason = CredentialRule.Check(in scene);
        if (reason == DeclineReason.None)
            reason = LimitRule.Check(in scene, decided);
        return reason;
    }
}
