using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>Reads a message and hands it to its class: one switch on the MTI.</summary>
internal static class MessageRouter
{
    /// <summary>Routes a message that has just been taken over. Whatever happens, the context is finished or on its way.</summary>
    internal static void Route(Switchboard board, AuthorizationContext context)
    {
        try
        {
            if (context.Parse() == ParseStatus.Parsed)
                RouteParsed(board, context);
            else
                Reject(board, context);
        }
#pragma warning disable CA1031 // Our own mistake is caught once, here: the sender hears 96, the log has it in full.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            context.FinishFailed(failure);
        }
    }

    private static void RouteParsed(Switchboard board, AuthorizationContext context)
    {
        var view = context.View;
        if (!TakesAnswer(view.Mti))
        {
            Ignore(board, context, view.Mti);
            return;
        }

        if (context.Connection.Endpoint.Mac is { } mac)
            MacGate.Check(board, context, mac, in view);
        else
            Dispatch(board, context, in view);
    }

    /// <summary>Hands a message that takes an answer, and may be believed, to its class.</summary>
    internal static void Dispatch(Switchboard board, AuthorizationContext context, in MessageView view)
    {
        switch (view.Mti.ToOriginal().Value)
        {
            case 0x0100:
                AuthorizationHandler.Handle(board, context, in view);
                break;
            case 0x0120:
                AdviceHandler.Handle(board, context, RequestClass.AuthorizationAdvice, in view);
                break;
            case 0x0200:
                FinancialHandler.Handle(board, context, in view);
                break;
            case 0x0220:
                AdviceHandler.Handle(board, context, RequestClass.FinancialAdvice, in view);
                break;
            case 0x0400:
                ReversalHandler.Handle(board, context, RequestClass.Reversal, in view);
                break;
            case 0x0420:
                ReversalHandler.Handle(board, context, RequestClass.ReversalAdvice, in view);
                break;
            case 0x0800:
                NetworkManagementHandler.Handle(board, context, in view);
                break;
            default:
                Refuse(board, context, view.Mti);
                break;
        }
    }

    /// <summary>Only requests and advices are answered: answering an answer would never end.</summary>
    private static bool TakesAnswer(Mti mti) => mti.IsRequest || mti.IsAdvice;

    private static void Ignore(Switchboard board, AuthorizationContext context, Mti mti)
    {
        SwitchLog.Ignored(board.Log, context.Connection.Endpoint.Name, context.Connection.Id, mti);
        board.Metrics.Ignored();
        context.FinishSilently();
    }

    /// <summary>A class that is not served, or another version of the standard.</summary>
    private static void Refuse(Switchboard board, AuthorizationContext context, Mti mti)
    {
        var endpoint = context.Connection.Endpoint;
        var codes = endpoint.ResponseCodes;
        SwitchLog.Unsupported(board.Log, endpoint.Name, context.Connection.Id, mti);
        context.Class = RequestClass.Other;
        context.Finish(new Reply(mti.Version == 0 ? codes.Unsupported : codes[DeclineReason.FormatError]), RequestOutcome.Rejected);
    }

    private static void Reject(Switchboard board, AuthorizationContext context)
    {
        var endpoint = context.Connection.Endpoint;
        var layout = context.Layout;
        SwitchLog.Malformed(board.Log, endpoint.Name, context.Connection.Id, layout.Mti, layout.Error);
        board.Metrics.Malformed();
        if (!layout.HasMti || !TakesAnswer(layout.Mti))
        {
            context.FinishSilently();
            return;
        }

        context.Class = RequestClasses.Of(layout.Mti);
        context.Finish(new Reply(endpoint.ResponseCodes[DeclineReason.FormatError]), RequestOutcome.Rejected);
    }
}
