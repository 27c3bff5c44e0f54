using System.Security.Cryptography;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>0800 with a new key for the link: DE 48 has its check value and the key under the zone master key, which DE 96 may have instead; DE 53 may say
/// what the key is for.</summary>
internal static class ZoneKeyChange
{
    private const int KeyDataElement = 48;
    private const int ControlElement = 53;
    private const int KeyElement = 96;
    private const int TextLengthMax = 999;
    private const int ControlLengthMax = 48;

    // DE 53: key type(2) ...
    private const int TypeLength = 2;

    internal static void Begin(Switchboard board, AuthorizationContext context, NetworkManagementAction action, in MessageView view)
    {
        var endpoint = context.Connection.Endpoint;
        var text = new byte[TextLengthMax * 3];
        if (!view.TryGetText(KeyDataElement, text, out var length) || !TryAddKey(in view, text, ref length))
        {
            CryptographicOperations.ZeroMemory(text);
            Admission.Refuse(board, context, KeyDataElement, "is missing");
            return;
        }

        var kind = action == NetworkManagementAction.MacKey ? ZoneKeyKind.Mac : KindOf(in view, endpoint);
        var taking = board.ZoneKeys.TakeAsync(endpoint.Keys, kind, text.AsMemory(0, length), CancellationToken.None);
        if (taking.IsCompletedSuccessfully)
            Finish(board, context, kind, taking.Result, text);
        else
            _ = FinishAsync(board, context, kind, taking, text);
    }

    /// <summary>Puts the key of DE 96 behind the check value: a key block as it stands, a DES key as digits.</summary>
    private static bool TryAddKey(in MessageView view, Span<byte> text, ref int length)
    {
        if (!view.Has(KeyElement))
            return true;
        Span<byte> key = stackalloc byte[TextLengthMax];
        var isRead = view.TryGetBinary(KeyElement, key, out var keyLength) || view.TryGetText(KeyElement, key, out keyLength);
        if (isRead && keyLength is 16 or 24)
            isRead = Convert.TryToHexString(key[..keyLength], text[length..], out keyLength);
        else
            key[..keyLength].CopyTo(text[length..]);
        key.Clear();
        length += keyLength;
        return isRead;
    }

    private static ZoneKeyKind KindOf(in MessageView view, Endpoint endpoint)
    {
        Span<byte> control = stackalloc byte[ControlLengthMax];
        return view.TryGetDigits(ControlElement, control, out var length) && length >= TypeLength
            ? endpoint.Echo.KeyKindOf(((control[0] - '0') * 10) + control[1] - '0')
            : ZoneKeyKind.Unknown;
    }

    private static async Task FinishAsync(Switchboard board, AuthorizationContext context, ZoneKeyKind kind, ValueTask<ZoneKeyResult> taking, byte[] text)
    {
        var output = context.Connection.Output;
        try
        {
            Finish(board, context, kind, await taking, text);
        }
#pragma warning disable CA1031 // Our own mistake: the sender hears 96, the log has it in full.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            context.FinishFailed(failure);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }

        output.Flush();
    }

    private static void Finish(Switchboard board, AuthorizationContext context, ZoneKeyKind kind, ZoneKeyResult result, byte[] text)
    {
        CryptographicOperations.ZeroMemory(text);
        var connection = context.Connection;
        var codes = connection.Endpoint.ResponseCodes;
        SwitchLog.ZoneKey(board.Log, connection.Endpoint.Name, connection.Id, kind, result);
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
