using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>The program must be active and the account open.</summary>
internal static class AccountRule
{
    internal static DeclineReason Check(in Scene scene)
    {
        if (!scene.Program.IsActive)
            return DeclineReason.ProgramSuspended;
        return scene.Account.Account.Status == AccountStatus.Open ? DeclineReason.None : DeclineReason.AccountPaused;
    }
}
