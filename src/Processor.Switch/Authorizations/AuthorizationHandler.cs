using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>0100, 0101: may this be done; on a dual-message endpoint an approval holds.</summary>
internal static class AuthorizationHandler
{
    internal static void Handle(Switchboard board, AuthorizationContext context, in MessageView view)
    {
        if (!Admission.TryBegin(board, context, RequestClass.Authorization, in view))
            return;
        context.Request.SupportsPartial = view.SupportsPartialApproval();
        Admission.Submit(board, context, in view);
    }
}
