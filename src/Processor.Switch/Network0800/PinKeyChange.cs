using System.Security.Cryptography;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>0800 with a new key for the link's PINs: DE 48 has its check value and the key under the zone master key.</summary>
internal static class PinKeyChange
{
    private const int KeyDataElement = 48;
    private const int TextLengthMax = 999;

    internal static void Begin(Switchboard board, AuthorizationContext context, in MessageView view)
    {
        var endpoint = context.Connection.Endpoint;
        var text = new byte[TextLengthMax];
        if (!view.TryGetText(KeyDataElement, text, out var length))
        {
            Admission.Refuse(board, context, KeyDataElement, "is missing");
            return;
        }

        var taking = board.ZoneKeys.TakePinKeyAsync(endpoint.PinKey, endpoint.ZoneMasterKey, text.AsMemory(0, length), CancellationToken.None);
        if (taking.IsCompletedSuccessfully)
            Finish(board, context, taking.Result, text);
        else
            _ = FinishAsync(board, context, taking, text);
    }

    private static async Task FinishAsync(Switchboard board, AuthorizationContext context, ValueTask<ZoneKeyResult> taking, byte[] text)
    {
        var output = context.Connection.Output;
        try
        {
            Finish(board, context, await taking, text);
        }
#pragma warning disable CA1031 // Our own mistake: the sender hears 96, the log has it in full.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            context.FinishFailed(failure);
        }

        output.Flush();
    }

    private static void Finish(Switchboard board, AuthorizationContext context, ZoneKeyResult result, byte[] text)
    {
        CryptographicOperations.ZeroMemory(text);
        var connection = context.Connection;
        var codes = connection.Endpoint.ResponseCodes;
        SwitchLog.PinKey(board.Log, connection.Endpoint.Name, connection.Id, result);
        var code = result switch
        {
            ZoneKeyResult.Taken => codes.Approved,
            ZoneKeyResult.NotTaken => codes.Unsupported,
            ZoneKeyResult.Unavailable => codes[DeclineReason.SystemError],
            _ => codes[DeclineReason.FormatError],
        };
        context.Finish(new Reply(code), result == ZoneKeyResult.Taken ? RequestOutcome.Approved : RequestOutcome.Rejected);
    }
}
