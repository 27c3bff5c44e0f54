using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>0800: sign-on, sign-off, echo test and new keys, by DE 70 as the echo table lists them.</summary>
internal static class NetworkManagementHandler
{
    /// <summary>What an 0800 asks for, by its DE 70 (0 where there is none).</summary>
    internal static NetworkManagementAction ActionOf(Endpoint endpoint, in MessageView view, out int code)
    {
        const int CodeMax = 999;
        code = view.TryGetNumber(70, out var number) ? (int)Math.Min(number, CodeMax) : 0;
        return endpoint.Echo.ActionOf(code);
    }

    internal static void Handle(Switchboard board, AuthorizationContext context, in MessageView view)
    {
        var connection = context.Connection;
        var codes = connection.Endpoint.ResponseCodes;
        context.Class = RequestClass.NetworkManagement;
        if (connection.Endpoint.Echo.RuleOf(view.Mti).FindMissing(in view, isInquiry: false) is var missing and not 0)
        {
            Admission.Refuse(board, context, missing, "is missing");
            return;
        }

        var action = ActionOf(connection.Endpoint, in view, out var code);
        SwitchLog.NetworkManagement(board.Log, connection.Endpoint.Name, connection.Id, code, action);
        switch (action)
        {
            case NetworkManagementAction.SignOn:
                connection.IsSignedOn = true;
                break;
            case NetworkManagementAction.SignOff:
                connection.IsSignedOn = false;
                break;
            case NetworkManagementAction.Echo:
                break;
            case NetworkManagementAction.PinKey or NetworkManagementAction.MacKey when connection.Endpoint.Keys.ZoneMaster.Length > 0:
                ZoneKeyChange.Begin(board, context, action, in view);
                return;
            default:
                context.Finish(new Reply(codes.Unsupported), RequestOutcome.Rejected);
                return;
        }

        context.Finish(new Reply(codes.Approved), RequestOutcome.Approved);
    }
}
