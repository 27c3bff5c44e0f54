using System.Globalization;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>The 0800 with which this side says that it leaves, so that a network sends elsewhere what it has not sent yet.</summary>
internal static class SignOffNotice
{
    // Room that it needs at most, frame included.
    private const int LengthMax = 256;

    /// <summary>Makes it: DE 7, 11 and 70, with its authentication code where the endpoint has a key for one.</summary>
    /// <param name="board">Whose clock and security module are asked.</param>
    /// <param name="endpoint">Whose dialect, framing and codes are used.</param>
    /// <param name="stan">1 to 999999.</param>
    /// <returns>The frame; empty when the endpoint has no DE 70 for it, its dialect cannot say it, or there is no code for it.</returns>
    internal static async ValueTask<ReadOnlyMemory<byte>> MakeAsync(Switchboard board, Endpoint endpoint, int stan)
    {
        var frame = new byte[LengthMax];
        var message = frame.AsMemory(endpoint.Framing.HeaderLength);
        if (!TryWrite(message.Span, endpoint, board.Clock.GetUtcNow(), stan, out var length, out var place))
            return default;
        if (endpoint.Mac is { } mac)
        {
            var code = new byte[mac.Plan.Length];
            if (!await board.Codes.MakeAsync(mac.Plan, mac.CoveredOf(message[..length], in place), code))
                return default;
            place.Write(message.Span[..length], code);
        }

        return FrameWriter.TryWrite(frame, endpoint.Framing, length, out var frameLength) ? frame.AsMemory(0, frameLength) : default;
    }

    private static bool TryWrite(Span<byte> target, Endpoint endpoint, DateTimeOffset now, int stan, out int length, out MacPlace place)
    {
        length = 0;
        place = default;
        if (endpoint.Echo.SignOffCode is not { } code)
            return false;
        Span<byte> transmission = stackalloc byte[10];
        now.TryFormat(transmission, out _, "MMddHHmmss", CultureInfo.InvariantCulture);
        var writer = new MessageWriter(target, endpoint.Dialect);
        writer.Begin(new Mti(0x0800));
        writer.SetDigits(7, transmission);
        writer.SetNumber(11, (ulong)stan);
        writer.SetNumber(70, (ulong)code);
        return endpoint.Mac is null ? writer.TryFinish(out length) : writer.TryFinishWithMac(out length, out place);
    }
}
