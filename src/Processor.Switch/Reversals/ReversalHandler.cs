using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>0400, 0401, 0420, 0421: an earlier message is undone, in whole or down to what DE 95 leaves.</summary>
internal static class ReversalHandler
{
    internal static void Handle(Switchboard board, AuthorizationContext context, RequestClass requestClass, in MessageView view)
    {
        if (!Admission.TryBegin(board, context, requestClass, in view))
            return;
        ref var request = ref context.Request;
        RequestElements.MapApprovalCode(in view, ref request);
        var unreadable = OriginalElements.Map(in view, ref request);
        if (unreadable == 0)
            unreadable = OriginalElements.MapReplacement(in view, ref request);
        if (unreadable != 0)
            Admission.Refuse(board, context, unreadable, "makes no sense");
        else
            Admission.Submit(board, context, in view);
    }
}
