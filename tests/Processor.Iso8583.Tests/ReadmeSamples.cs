using System.Buffers;

namespace Processor.Iso8583.Tests;

/// <summary>The samples of the package's README, compiled. Each body is the sample, word for word.</summary>
internal static class ReadmeSamples
{
    public static string Read(byte[] frame)
    {
        var dialect = Dialect.LoadNamed("iso87-ascii");
        var layout = new MessageLayout();               // one for each thread or request; used again
        if (dialect.TryParse(frame, layout) != ParseStatus.Parsed)
            return layout.Error.ToString();             // DE35 length at byte 118: 41 is longer than 37
        var message = new MessageView(frame, layout);
        message.TryGetNumber(4, out ulong minorUnits);
        return $"{message.Mti} {minorUnits}";
    }

    public static int Answer(in MessageView request, byte[] buffer, Framing framing)
    {
        var writer = new MessageWriter(buffer.AsSpan(framing.HeaderLength), request.Dialect);
        writer.BeginReply(in request);                  // the response to its MTI, its header with addresses exchanged
        writer.CopyFrom(in request, 4);
        writer.CopyFrom(in request, 11);
        writer.SetText(39, "00"u8);
        return writer.TryFinish(out int length) && FrameWriter.TryWrite(buffer, framing, length, out int frameLength)
            ? frameLength
            : 0;
    }

    public static int Frames(ReadOnlySequence<byte> received)
    {
        var framing = Framing.Parse("bcd-2+tpdu");      // also binary-2, ascii-4+inclusive, none+stx-etx-lrc, ...
        int count = 0;
        while (FrameReader.TryRead(ref received, framing, out var frame, out var envelope) == FrameStatus.Frame)
            count++;                                    // answer with envelope.ToReply()
        return count;
    }

    public static byte[] Build()
    {
        var message = new Iso8583Message(Mti.Parse("0800")) { [11] = "000001", [70] = "301" };
        return message.ToBytes(Dialect.LoadNamed("iso87-binary"));
    }
}
