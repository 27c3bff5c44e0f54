using Processor.Iso8583;
using Processor.Security;

namespace Processor.Cli.Network;

/// <summary>Puts authentication codes into messages, and looks at those of the answers.</summary>
internal sealed class MessageSeal
{
    private readonly DemoCodes codes = new();

    /// <summary>A message as bytes with its code in DE 128, or DE 64 when there is no second bitmap. One that has a code keeps it.</summary>
    /// <exception cref="FormatException">The message does not suit the dialect, or that has no codes of eight bytes.</exception>
    public byte[] Seal(Iso8583Message message, Dialect dialect)
    {
        if (message.Has(64) || message.Has(128))
            return message.ToBytes(dialect);
        if (dialect.MacLength != DemoCodes.Length)
            throw new FormatException($"Dialect {dialect.Name} has no authentication codes of {DemoCodes.Length} bytes.");
        var copy = message.Copy();
        copy[message.BitmapCount > 1 || message.Elements.Keys.Any(element => element > 64) ? 128 : 64] = new string('0', 2 * DemoCodes.Length);
        byte[] frame = copy.ToBytes(dialect);
        var layout = new MessageLayout();
        dialect.TryParse(frame, layout);
        new MessageView(frame, layout).TryGetMac(out var place);
        Seal(frame, in place);
        return frame;
    }

    /// <summary>Writes the code of a message into it.</summary>
    /// <param name="frame">The whole message, without its frame length.</param>
    /// <param name="place">Where the code stands.</param>
    public void Seal(Span<byte> frame, in MacPlace place)
    {
        Span<byte> code = stackalloc byte[DemoCodes.Length];
        codes.Make(frame[place.MtiOffset..place.Offset], code);
        place.Write(frame, code);
    }

    /// <summary>What is wrong with the code of an answer; null when it is right.</summary>
    /// <param name="frame">The whole message, without its frame length.</param>
    /// <param name="view">The same, read.</param>
    public string? Check(ReadOnlySpan<byte> frame, in MessageView view)
    {
        Span<byte> code = stackalloc byte[32];
        bool isLast = view.TryGetMac(out var place);
        if (place.DataElement == 0)
            return "no authentication code";
        bool isRight = isLast && view.TryGetBinary(place.DataElement, code, out int length) && length == DemoCodes.Length
            && codes.IsRight(frame[place.MtiOffset..place.Offset], code[..length]);
        return isRight ? null : $"DE{place.DataElement}: a wrong authentication code";
    }
}
