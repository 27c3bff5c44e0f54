using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>Looks at the authentication code of what comes in, before anything else of it is believed.</summary>
internal static class MacGate
{
    /// <summary>Lets a message that may be believed on to its class, and answers the others. A module in this process has answered when the call returns.</summary>
    internal static void Check(Switchboard board, AuthorizationContext context, LinkMac mac, in MessageView view)
    {
        if (mac.Policy == MacPolicy.Ignored)
        {
            MessageRouter.Dispatch(board, context, in view);
            return;
        }

        var isLast = view.TryGetMac(out var place);
        if (place.DataElement == 0)
        {
            Conclude(board, context, mac.Policy == MacPolicy.Required && !IsKeyChange(context, in view) ? MacVerdict.Missing : MacVerdict.None);
            return;
        }

        if (!isLast)
        {
            Conclude(board, context, MacVerdict.Wrong);
            return;
        }

        var check = context.VerifyMacAsync(mac, in place, in view);
        if (check.IsCompletedSuccessfully)
            Conclude(board, context, VerdictOf(check.Result));
        else
            _ = ConcludeAsync(board, context, check);
    }

    private static async Task ConcludeAsync(Switchboard board, AuthorizationContext context, ValueTask<MacResult> check)
    {
        var output = context.Connection.Output;
        try
        {
            Conclude(board, context, VerdictOf(await check));
        }
#pragma warning disable CA1031 // Our own mistake: the sender hears 96, the log has it in full.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            context.FinishFailed(failure);
        }

        output.Flush();
    }

    private static void Conclude(Switchboard board, AuthorizationContext context, MacVerdict verdict)
    {
        board.Metrics.Mac(verdict);
        if (verdict is MacVerdict.Right or MacVerdict.None)
            MessageRouter.Dispatch(board, context, context.View);
        else
            Refuse(board, context, verdict);
    }

    private static void Refuse(Switchboard board, AuthorizationContext context, MacVerdict verdict)
    {
        var connection = context.Connection;
        context.Class = RequestClasses.Of(context.Layout.Mti);
        SwitchLog.MacRefused(board.Log, connection.Endpoint.Name, connection.Id, context.Layout.Mti, verdict);
        if (verdict == MacVerdict.Unchecked)
            context.FinishUnavailable();
        else
            context.Finish(new Reply(connection.Endpoint.ResponseCodes.MacInvalid), RequestOutcome.Rejected);
    }

    private static MacVerdict VerdictOf(MacResult result) => result switch
    {
        MacResult.Right => MacVerdict.Right,
        MacResult.Wrong => MacVerdict.Wrong,
        _ => MacVerdict.Unchecked,
    };

    // Where the keys of the two sides differ, a new one must still get through; it is authenticated by the key that it comes under.
    private static bool IsKeyChange(AuthorizationContext context, in MessageView view) =>
        view.Mti.Class == MtiClass.NetworkManagement
        && NetworkManagementHandler.ActionOf(context.Connection.Endpoint, in view, out _) is NetworkManagementAction.PinKey or NetworkManagementAction.MacKey;
}
