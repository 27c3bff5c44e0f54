using System.Buffers;
using System.Text;

namespace Processor.Iso8583.Tests;

public sealed class FrameReaderTests
{
    private static readonly byte[] Message = Golden.Ascii.Frame("house-purchase-chip");

    public static TheoryData<string> Framings => ["binary-2", "ascii-4"];

    [Theory]
    [MemberData(nameof(Framings))]
    public void A_frame_is_found_wherever_the_socket_cuts_it(string name)
    {
        byte[] framed = Framed(Framing.Parse(name), Message);

        for (int index = 0; index <= framed.Length; index++)
        {
            var buffer = Segments.SplitAt(framed, index);
            Assert.Equal(FrameStatus.Frame, FrameReader.TryRead(ref buffer, Framing.Parse(name), out var frame));
            Assert.Equal(Message, frame.ToArray());
            Assert.True(buffer.IsEmpty);
        }

        var single = Segments.OneByOne(framed);
        Assert.Equal(FrameStatus.Frame, FrameReader.TryRead(ref single, Framing.Parse(name), out var whole));
        Assert.Equal(Message, whole.ToArray());
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void Every_prefix_of_a_frame_waits_for_more(string name)
    {
        byte[] framed = Framed(Framing.Parse(name), Message);

        for (int length = 0; length < framed.Length; length++)
        {
            var buffer = Segments.SplitAt(framed[..length], length / 2);
            Assert.Equal(FrameStatus.NeedMoreData, FrameReader.TryRead(ref buffer, Framing.Parse(name), out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Framings))]
    public void Two_frames_in_one_read_come_one_after_the_other(string name)
    {
        var framing = Framing.Parse(name);
        byte[] second = Golden.Ascii.Frame("house-sign-on");
        byte[] both = [.. Framed(framing, Message), .. Framed(framing, second)];

        var buffer = Segments.SplitAt(both, Message.Length);
        var first = FrameReader.TryRead(ref buffer, framing, out var one);
        var next = FrameReader.TryRead(ref buffer, framing, out var two);
        var last = FrameReader.TryRead(ref buffer, framing, out _);

        Assert.Equal((FrameStatus.Frame, FrameStatus.Frame, FrameStatus.NeedMoreData), (first, next, last));
        Assert.Equal(Message, one.ToArray());
        Assert.Equal(second, two.ToArray());
    }

    [Theory]
    [InlineData("binary-2", "0000")]
    [InlineData("binary-2", "0065")]
    [InlineData("binary-2", "FFFF")]
    [InlineData("ascii-4", "30303030")]
    [InlineData("ascii-4", "30313031")]
    [InlineData("ascii-4", "30304131")]
    [InlineData("ascii-4", "2D303031")]
    public void An_impossible_length_is_malformed(string name, string header)
    {
        var buffer = Segments.SplitAt(Convert.FromHexString(header), 1);

        var status = FrameReader.TryRead(ref buffer, Framing.Parse(name, frameLengthMax: 100), out _);

        Assert.Equal(FrameStatus.Malformed, status);
        Assert.Equal(header.Length / 2, buffer.Length);
    }

    [Fact]
    public void A_header_is_written_only_when_it_can_say_the_length()
    {
        Span<byte> header = stackalloc byte[4];

        Assert.True(FrameWriter.TryWriteHeader(header, Framing.Ascii4, 8192));
        Assert.Equal("8192", Encoding.ASCII.GetString(header));
        Assert.False(FrameWriter.TryWriteHeader(header, Framing.Ascii4, 8193));
        Assert.False(FrameWriter.TryWriteHeader(header, Framing.Ascii4, 0));
        Assert.False(FrameWriter.TryWriteHeader(header[..3], Framing.Ascii4, 100));
        Assert.False(FrameWriter.TryWriteHeader(header, new Framing(FrameHeader.Ascii4, 20000), 10000));
        Assert.False(FrameWriter.TryWriteHeader(header, new Framing(FrameHeader.Binary2, 100000), 65536));
        Assert.Throws<FormatException>(() => Framing.Parse("binary-3"));
    }

    private static byte[] Framed(Framing framing, byte[] message)
    {
        byte[] framed = new byte[framing.HeaderLength + message.Length];
        message.CopyTo(framed, framing.HeaderLength);
        Assert.True(FrameWriter.TryWriteHeader(framed, framing, message.Length));
        return framed;
    }
}
