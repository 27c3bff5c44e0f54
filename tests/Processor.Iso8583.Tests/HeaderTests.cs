using System.Text;

namespace Processor.Iso8583.Tests;

public sealed class HeaderTests
{
    private const string Json = """
        {
          "name": "tpdu",
          "header": [
            { "name": "length", "bytes": 2, "encoding": "binary", "role": "frame-length" },
            { "name": "id", "bytes": 1, "encoding": "binary", "value": "60" },
            { "name": "destination", "bytes": 2, "encoding": "binary", "role": "destination" },
            { "name": "source", "bytes": 2, "encoding": "binary", "role": "source" }
          ],
          "trailer": [ { "name": "end", "bytes": 1, "encoding": "binary", "value": "03" } ],
          "mti": { "encoding": "bcd" },
          "bitmap": { "encoding": "binary" },
          "elements": [ { "de": 3, "name": "Code", "format": "n6", "encoding": "bcd" } ]
        }
        """;

    private static readonly Dialect Tpdu = Dialect.Parse(Encoding.UTF8.GetBytes(Json));

    [Fact]
    public void A_reply_goes_back_where_the_request_came_from()
    {
        byte[] request = Convert.FromHexString("0013" + "6012345678" + "0100" + "2000000000000000" + "000000" + "03");
        var layout = new MessageLayout();
        Assert.Equal(ParseStatus.Parsed, Tpdu.TryParse(request, layout));
        var view = new MessageView(request, layout);

        byte[] reply = new byte[64];
        var writer = new MessageWriter(reply, Tpdu);
        writer.BeginReply(in view);
        writer.CopyFrom(in view, 3);

        Assert.True(writer.TryFinish(out int length));
        Assert.Equal("0013" + "6056781234" + "0110" + "2000000000000000" + "000000" + "03", Convert.ToHexString(reply, 0, length));
        Assert.Equal("00136012345678", Convert.ToHexString(view.Header));
        Assert.Equal("03", Convert.ToHexString(view.Trailer));
    }

    [Fact]
    public void A_message_without_a_request_has_the_dialects_own_header()
    {
        byte[] frame = new Iso8583Message(new Mti(0x0800)).ToBytes(Tpdu);

        Assert.Equal("0010" + "6000000000" + "0800" + "0000000000000000" + "03", Convert.ToHexString(frame));
        Assert.Equal(frame, Iso8583Message.Parse(Tpdu, frame).ToBytes(Tpdu));
    }

    [Theory]
    [InlineData("001060000000000800000000000000000003", "no error")]
    [InlineData("001160000000000800000000000000000003", "header length at byte 0: 17 where 16 is right")]
    [InlineData("00106000", "header at byte 0: 4 of 7 bytes")]
    [InlineData("00006000000000", "header length at byte 0: 0 where 5 is right")]
    [InlineData("00056000000000", "trailer at byte 7: 0 of 1 bytes")]
    public void A_header_is_checked(string hex, string error)
    {
        var layout = new MessageLayout();
        byte[] frame = Convert.FromHexString(hex);

        Tpdu.TryParse(frame, layout);

        Assert.Equal(error, layout.Error.ToString());
    }

    [Fact]
    public void A_variable_header_says_how_long_it_is()
    {
        var dialect = Dialect.Parse("""
            {
              "name": "variable",
              "header": [
                { "name": "length", "bytes": 1, "encoding": "binary", "role": "header-length" },
                { "name": "rest", "encoding": "binary" }
              ],
              "mti": { "encoding": "bcd" }, "bitmap": { "encoding": "binary" }, "elements": []
            }
            """u8);
        byte[] frame = Convert.FromHexString("04AABBCC" + "0800" + "0000000000000000");

        var message = Iso8583Message.Parse(dialect, frame);

        Assert.Equal("04AABBCC", Convert.ToHexString(message.Header.Span));
        Assert.Equal(frame, message.ToBytes(dialect));
        frame[0] = 200;
        Assert.Throws<FormatException>(() => Iso8583Message.Parse(dialect, frame));
        frame[0] = 0;
        Assert.Throws<FormatException>(() => Iso8583Message.Parse(dialect, frame));
    }
}
