using System.Globalization;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>The 0800 with which this side says that it leaves, so that a network sends elsewhere what it has not sent yet.</summary>
internal static class SignOffNotice
{
    /// <summary>Room that it needs at most, frame included.</summary>
    internal const int LengthMax = 256;

    /// <summary>Writes it: DE 7, 11 and 70.</summary>
    /// <param name="target">Room for <see cref="LengthMax"/> bytes.</param>
    /// <param name="endpoint">Whose dialect, framing and codes are used.</param>
    /// <param name="now">UTC.</param>
    /// <param name="stan">1 to 999999.</param>
    /// <param name="length">Bytes of the whole frame.</param>
    /// <returns>False when the endpoint has no code for it, or its dialect cannot say it.</returns>
    internal static bool TryWrite(Span<byte> target, Endpoint endpoint, DateTimeOffset now, int stan, out int length)
    {
        length = 0;
        if (endpoint.Echo.SignOffCode is not { } code)
            return false;
        Span<byte> transmission = stackalloc byte[10];
        now.TryFormat(transmission, out _, "MMddHHmmss", CultureInfo.InvariantCulture);
        var writer = new MessageWriter(target[endpoint.Framing.HeaderLength..], endpoint.Dialect);
        writer.Begin(new Mti(0x0800));
        writer.SetDigits(7, transmission);
        writer.SetNumber(11, (ulong)stan);
        writer.SetNumber(70, (ulong)code);
        return writer.TryFinish(out var messageLength) && FrameWriter.TryWrite(target, endpoint.Framing, messageLength, out length);
    }
}
