using System.Buffers;
using System.Text;

namespace Processor.Iso8583.Tests;

public sealed class FrameReaderTests
{
    // Without an ETX inside, at which a frame without a length would end.
    private static readonly byte[] Message = [.. Golden.Ascii.Frame("house-purchase-chip").Select(value => value == 3 ? (byte)4 : value)];

    public static TheoryData<string> Framings =>
        [.. FramingNames.Usual, "vap+tpdu+inclusive+stx-etx-lrc", "none+tpdu+etx", "none+tpdu+stx-etx-lrc", "ebcdic-4+keep-alive"];

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
    [InlineData("ascii-6", "303030313031")]
    [InlineData("ebcdic-4", "F0F0F03A")]
    [InlineData("hex-4", "30303635")]
    [InlineData("hex-4", "30303067")]
    [InlineData("bcd-2", "0101")]
    [InlineData("bcd-2", "000A")]
    [InlineData("binary-3", "010000")]
    [InlineData("binary-4", "FFFFFFFF")]
    [InlineData("binary-4", "80000001")]
    [InlineData("binary-2-little", "0001")]
    [InlineData("binary-4-little", "01000080")]
    [InlineData("binary-2+inclusive", "0002")]
    [InlineData("binary-2+inclusive", "0001")]
    [InlineData("ascii-4+inclusive", "30303034")]
    [InlineData("binary-2+tpdu", "0005")]
    [InlineData("binary-2+tpdu", "006A")]
    [InlineData("binary-2+etx", "0001")]
    [InlineData("zero-2-binary-2", "01000010")]
    [InlineData("rbp", "D04B00100000")]
    [InlineData("rbp", "D04A00100100")]
    [InlineData("vap", "00000000")]
    [InlineData("binary-2+keep-alive", "0065")]
    [InlineData("none+stx-etx-lrc", "0331")]
    [InlineData("none+stx-etx-lrc", "0203")]
    [InlineData("none+stx-etx-lrc", "02310330")]
    [InlineData("none+etx", "03")]
    [InlineData("binary-2+etx", "00023131")]
    [InlineData("binary-2+stx-etx-lrc", "000402310333")]
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
        Assert.False(FrameWriter.TryWriteHeader(header, Framing.Parse("binary-2+etx"), 100));
    }

    [Theory]
    [InlineData("binary-5")]
    [InlineData("none")]
    [InlineData("none+etx+inclusive")]
    [InlineData("none+etx+keep-alive")]
    [InlineData("binary-2+etx+etx")]
    [InlineData("binary-2+lines")]
    [InlineData("")]
    public void A_name_of_no_framing_is_refused(string name) =>
        Assert.Throws<FormatException>(() => Framing.Parse(name));

    [Theory]
    [MemberData(nameof(Framings))]
    public void The_longest_message_passes_and_one_byte_more_does_not(string name)
    {
        byte[] longest = [.. Enumerable.Repeat((byte)'1', 200)];
        var framing = Framing.Parse(name, frameLengthMax: 200);
        byte[] framed = Framed(framing, longest);

        var buffer = Segments.SplitAt(framed, 100);
        var tight = Segments.SplitAt(framed, 100);

        Assert.Equal(FrameStatus.Frame, FrameReader.TryRead(ref buffer, framing, out var frame));
        Assert.Equal(longest, frame.ToArray());
        Assert.Equal(FrameStatus.Malformed, FrameReader.TryRead(ref tight, framing with { FrameLengthMax = 199 }, out _));
        Assert.Throws<FormatException>(() => Framed(framing with { FrameLengthMax = 199 }, longest));
    }

    [Fact]
    public void A_message_without_an_end_is_malformed_once_it_is_too_long()
    {
        var framing = Framing.Parse("none+etx", frameLengthMax: 100);
        var enough = Segments.SplitAt(new byte[100], 50);
        var more = Segments.SplitAt(new byte[101], 50);

        Assert.Equal(FrameStatus.NeedMoreData, FrameReader.TryRead(ref enough, framing, out _));
        Assert.Equal(FrameStatus.Malformed, FrameReader.TryRead(ref more, framing, out _));
    }

    [Fact]
    public void A_message_with_an_etx_inside_is_written_only_with_a_length()
    {
        byte[] message = [1, 3, 2];

        Assert.Throws<FormatException>(() => FrameWriter.Frame(message, Framing.Parse("none+stx-etx-lrc")));
        Assert.Equal("00060201030203", Convert.ToHexString(FrameWriter.Frame(message, Framing.Parse("binary-2+stx-etx-lrc")))[..14]);
    }

    [Theory]
    [InlineData("binary-2+keep-alive", "0000")]
    [InlineData("ascii-4+keep-alive+inclusive", "30303034")]
    [InlineData("vap+keep-alive", "00000002")]
    [InlineData("binary-3+keep-alive+tpdu", "000000")]
    public void A_sign_of_life_is_taken_off_and_given_back_as_it_came(string name, string hex)
    {
        var framing = Framing.Parse(name);
        var buffer = Segments.OneByOne([.. Convert.FromHexString(hex), 9]);
        byte[] answer = new byte[8];

        var status = FrameReader.TryRead(ref buffer, framing, out _, out var envelope);
        Assert.True(FrameWriter.TryWriteKeepAlive(answer, framing, envelope, out int length));

        Assert.Equal((FrameStatus.KeepAlive, 1L), (status, buffer.Length));
        Assert.Equal(hex, Convert.ToHexString(answer.AsSpan(0, length)));
    }

    [Fact]
    public void A_reply_exchanges_the_addresses_of_a_tpdu()
    {
        var framing = Framing.Parse("binary-2+tpdu");
        var buffer = Segments.OneByOne(Convert.FromHexString("0006600001FF0231"));
        byte[] answer = new byte[8];

        Assert.Equal(FrameStatus.Frame, FrameReader.TryRead(ref buffer, framing, out _, out var envelope));
        Assert.True(FrameWriter.TryWrite(answer, framing, 1, envelope.ToReply(), out _));

        Assert.Equal(envelope, envelope.ToReply().ToReply());
        Assert.Equal("000660FF02000100", Convert.ToHexString(answer));
    }

    private static byte[] Framed(Framing framing, byte[] message) => FrameWriter.Frame(message, framing);
}
