using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Ledger;

namespace Processor.Switch;

/// <summary>The way of a message about money from the wire to the ledger: complete, mapped, its card found, submitted.</summary>
internal static class Admission
{
    /// <summary>Checks that the message may come and is complete, and maps what every class has.</summary>
    /// <returns>False when it has been answered already.</returns>
    internal static bool TryBegin(Switchboard board, AuthorizationContext context, RequestClass requestClass, in MessageView view)
    {
        var connection = context.Connection;
        var endpoint = connection.Endpoint;
        context.Class = requestClass;
        if (endpoint.RequiresSignOn && !connection.IsSignedOn)
        {
            SwitchLog.NotSignedOn(board.Log, endpoint.Name, connection.Id, view.Mti);
            if (view.Mti.IsAdvice)
                context.FinishSilently();
            else
                context.Finish(new Reply(endpoint.ResponseCodes.NotSignedOn), RequestOutcome.Rejected);
            return false;
        }

        var missing = endpoint.Echo.RuleOf(view.Mti).FindMissing(in view, RequestElements.IsInquiry(in view));
        if (missing != 0)
        {
            Refuse(board, context, missing, "is missing");
            return false;
        }

        ref var request = ref context.Request;
        request.Class = (MessageClass)requestClass;
        request.Network = endpoint.Network;
        request.Mode = endpoint.Mode;
        var unreadable = RequestElements.Map(in view, ref request);
        if (unreadable != 0)
        {
            Refuse(board, context, unreadable, "makes no sense");
            return false;
        }

        return true;
    }

    /// <summary>Finds the card and hands the request to the ledger; from here the context is the ledger's.</summary>
    internal static void Submit(Switchboard board, AuthorizationContext context, in MessageView view)
    {
        ref var request = ref context.Request;
        if (!CardElements.TryGetPan(in view, out var pan, out var trackExpiry) || !board.Programs.Issues(pan))
        {
            DecisionReply.FinishUnknownCard(context);
            return;
        }

        if (request.Expiry == 0)
            request.Expiry = trackExpiry;
        request.Pan = board.Hasher.Hash(pan);
        context.Presented.Pan = pan;
        context.Key = RequestKey.Of(in request);
        var sequenceNumber = view.TryGetNumber(23, out var number) ? (int)number : -1;
        context.StartDeadline();
        if (board.Cards.TryFind(request.Pan, out var entry))
            Submit(board, context, entry, sequenceNumber);
        else
            _ = FindAsync(board, context, sequenceNumber);
    }

    /// <summary>Answers that an element is missing or cannot be used.</summary>
    internal static void Refuse(Switchboard board, AuthorizationContext context, int element, string problem)
    {
        var endpoint = context.Connection.Endpoint;
        SwitchLog.Incomplete(board.Log, endpoint.Name, context.Connection.Id, context.Layout.Mti, element, problem);
        context.Finish(new Reply(endpoint.ResponseCodes[DeclineReason.FormatError]), RequestOutcome.Rejected);
    }

    private static void Submit(Switchboard board, AuthorizationContext context, CardDirectoryEntry entry, int sequenceNumber)
    {
        ref var request = ref context.Request;
        var card = entry.Choose(request.Expiry, sequenceNumber);
        request.Program = entry.Program;
        request.Card = card.Ordinal;
        context.AccountId = entry.AccountId;
        if (context.ConcernsCredentials && board.Programs.TryGetCredentials(entry.Program, out var plan) && context.ReadCredentials())
            Check(board, context, plan, card);
        else
            board.Ledger.Submit(context);
    }

    /// <summary>A decision has asked for the PIN to be checked against the card's own: has it checked, and submits again.</summary>
    internal static void SubmitWithPin(Switchboard board, AuthorizationContext context)
    {
        if (board.Programs.TryGetCredentials(context.Request.Program, out var plan))
        {
            Submit(board, context, board.Credentials.CheckPinAsync(context, context.Presented, plan));
            return;
        }

        // The program has stopped checking credentials since the message came.
        context.Request.Credentials.HasPin = false;
        board.Ledger.Submit(context);
    }

    /// <summary>Has the credentials looked at. A module in this process has answered when the call returns; another one later.</summary>
    private static void Check(Switchboard board, AuthorizationContext context, CredentialPlan plan, CardInstance card) =>
        Submit(board, context, board.Credentials.CheckAsync(context, context.Presented, plan, card));

    private static void Submit(Switchboard board, AuthorizationContext context, ValueTask check)
    {
        if (!check.IsCompletedSuccessfully)
        {
            _ = SubmitCheckedAsync(board, context, check);
            return;
        }

        check.GetAwaiter().GetResult();
        board.Ledger.Submit(context);
    }

    private static async Task SubmitCheckedAsync(Switchboard board, AuthorizationContext context, ValueTask check)
    {
        var output = context.Connection.Output;
        try
        {
            await check;
            board.Ledger.Submit(context);
        }
#pragma warning disable CA1031 // Our own mistake: the sender hears 96, the log has it in full.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            context.FinishFailed(failure);
            output.Flush();
        }
    }

    /// <summary>Off the hot path: the near cache does not know the card.</summary>
    private static async Task FindAsync(Switchboard board, AuthorizationContext context, int sequenceNumber)
    {
        var output = context.Connection.Output;
        try
        {
            var found = await board.Search.FindAsync(context.Request.Pan);
            // What the deadline has answered goes on too: the ledger keeps what its sender was told.
            if (found.Entry is { } entry)
                Submit(board, context, entry, sequenceNumber);
            else if (found.IsKnown)
                DecisionReply.FinishUnknownCard(context);
            else
                context.FinishUnavailable();
        }
        catch (LedgerUnavailableException failure)
        {
            SwitchLog.DirectoryUnavailable(board.Log, failure);
            context.FinishUnavailable();
        }
#pragma warning disable CA1031 // Our own mistake: the sender hears 96, the log has it in full.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            context.FinishFailed(failure);
        }

        output.Flush();
    }
}
