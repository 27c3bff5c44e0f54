using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>0120, 0121, 0220, 0221: this was done, or this was declined. It is acknowledged once it is committed.</summary>
internal static class AdviceHandler
{
    internal static void Handle(Switchboard board, AuthorizationContext context, RequestClass requestClass, in MessageView view)
    {
        if (!Admission.TryBegin(board, context, requestClass, in view))
            return;
        ref var request = ref context.Request;
        RequestElements.MapApprovalCode(in view, ref request);
        request.IsDeclinedAdvice = IsDeclined(context.Connection.Endpoint, in view);
        var unreadable = OriginalElements.Map(in view, ref request);
        if (unreadable != 0)
            Admission.Refuse(board, context, unreadable, "makes no sense");
        else
            Admission.Submit(board, context, in view);
    }

    private static bool IsDeclined(Endpoint endpoint, in MessageView view)
    {
        Span<byte> code = stackalloc byte[2];
        return view.TryGetText(39, code, out _) && !endpoint.ResponseCodes.IsApproval(new(code[0], code[1]));
    }
}
