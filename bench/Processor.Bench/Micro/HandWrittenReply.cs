namespace Processor.Bench;

/// <summary>The 0110 that answers the measured message, as somebody would write it by hand: every place and bit known.</summary>
internal static class HandWrittenReply
{
    // Bits 2, 3, 4, 7, 11, 12, 13, 24, 32, 37, 38, 39, 41, 42, 49, 55.
    private static ReadOnlySpan<byte> AsciiHead => "0110723801010EC08200"u8;

    private static ReadOnlySpan<byte> BinaryHead => [0x01, 0x10, 0x72, 0x38, 0x01, 0x01, 0x0E, 0xC0, 0x82, 0x00];

    public static int Ascii(ReadOnlySpan<byte> frame, ref HandWrittenParser.Places places, ReadOnlySpan<byte> icc, Span<byte> target)
    {
        AsciiHead.CopyTo(target);
        int at = AsciiHead.Length;
        at = Common(frame, ref places, 2, target, at);
        target[at] = (byte)('0' + icc.Length / 100);
        target[at + 1] = (byte)('0' + icc.Length / 10 % 10);
        target[at + 2] = (byte)('0' + icc.Length % 10);
        icc.CopyTo(target[(at + 3)..]);
        return at + 3 + icc.Length;
    }

    public static int Binary(ReadOnlySpan<byte> frame, ref HandWrittenParser.Places places, ReadOnlySpan<byte> icc, Span<byte> target)
    {
        BinaryHead.CopyTo(target);
        int at = BinaryHead.Length;
        at = Common(frame, ref places, 1, target, at);
        target[at] = (byte)(icc.Length / 100);
        target[at + 1] = (byte)((icc.Length / 10 % 10 << 4) | icc.Length % 10);
        icc.CopyTo(target[(at + 2)..]);
        return at + 2 + icc.Length;
    }

    private static int Common(ReadOnlySpan<byte> frame, ref HandWrittenParser.Places places, int prefix, Span<byte> target, int at)
    {
        at = Copy(frame, places[2], prefix, target, at);
        at = Copy(frame, places[3], 0, target, at);
        at = Copy(frame, places[4], 0, target, at);
        at = Copy(frame, places[7], 0, target, at);
        at = Copy(frame, places[11], 0, target, at);
        at = Copy(frame, places[12], 0, target, at);
        at = Copy(frame, places[13], 0, target, at);
        at = Copy(frame, places[24], 0, target, at);
        at = Copy(frame, places[32], prefix, target, at);
        at = Copy(frame, places[37], 0, target, at);
        "A1B2C3"u8.CopyTo(target[at..]);
        "00"u8.CopyTo(target[(at + 6)..]);
        at += 8;
        at = Copy(frame, places[41], 0, target, at);
        at = Copy(frame, places[42], 0, target, at);
        return Copy(frame, places[49], 0, target, at);
    }

    private static int Copy(ReadOnlySpan<byte> frame, long place, int prefix, Span<byte> target, int at)
    {
        var content = frame.Slice((int)(place >> 32) - prefix, (int)place + prefix);
        content.CopyTo(target[at..]);
        return at + content.Length;
    }
}
