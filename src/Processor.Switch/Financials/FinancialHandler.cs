using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>0200, 0201: do this; on a single-message endpoint an approval posts at once.</summary>
internal static class FinancialHandler
{
    internal static void Handle(Switchboard board, AuthorizationContext context, in MessageView view)
    {
        if (!Admission.TryBegin(board, context, RequestClass.Financial, in view))
            return;
        context.Request.SupportsPartial = view.SupportsPartialApproval();
        Admission.Submit(board, context, in view);
    }
}
