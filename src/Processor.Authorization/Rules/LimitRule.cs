using Processor.Cards;

namespace Processor.Authorization;

/// <summary>A debit must stay within the limits of its card and of its account.</summary>
internal static class LimitRule
{
    internal static DeclineReason Check(in Scene scene, Amount decided) =>
        scene.Request.Kind is TransactionKind.Purchase or TransactionKind.Cash or TransactionKind.Cashback
            ? LimitCounter.Check(scene.Account, scene.Request.Card, decided, scene.IsCash, scene.Calendar)
            : DeclineReason.None;
}
