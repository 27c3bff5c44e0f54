using System.Text.Json;

namespace Processor.Iso8583.Tests;

public sealed class GoldenTests
{
    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Golden_messages_read_as_their_source_says(string name)
    {
        var golden = Golden.Of(name);

        foreach (var message in golden.Valid)
        {
            var read = Iso8583Message.Parse(golden.Dialect, message.Frame);

            Assert.Equal(message.Mti, read.Mti.ToString());
            Assert.Equal(message.Fields, read.Elements.ToDictionary());
        }
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Golden_messages_are_written_back_byte_for_byte(string name)
    {
        var golden = Golden.Of(name);

        foreach (var message in golden.Valid)
        {
            var built = new Iso8583Message(Mti.Parse(message.Mti)) { Header = Convert.FromHexString(message.Header) };
            foreach (var (element, value) in message.Fields)
                built[element] = value;

            Assert.Equal(message.Hex, Convert.ToHexString(built.ToBytes(golden.Dialect)));
        }
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Malformed_messages_are_rejected_with_reason_element_and_offset(string name)
    {
        var golden = Golden.Of(name);
        var layout = new MessageLayout();

        foreach (var message in golden.Malformed)
        {
            var status = golden.Dialect.TryParse(message.Frame, layout);

            string reason = JsonNamingPolicy.KebabCaseLower.ConvertName(layout.Error.Reason.ToString());
            Assert.Equal(ParseStatus.Rejected, status);
            Assert.Equal(
                (message.Id, message.Error, message.Field, message.Offset),
                (message.Id, reason, layout.Error.DataElement, layout.Error.Offset));
        }
    }

    [Fact]
    public void Elements_before_the_error_can_be_read()
    {
        var golden = Golden.Ascii;
        byte[] frame = golden.Frame("house-purchase-chip");
        var layout = new MessageLayout();
        golden.Dialect.TryParse(frame, layout);
        int cut = layout.OffsetOf(37) + 3;

        var status = golden.Dialect.TryParse(frame.AsSpan(0, cut), layout);

        var view = new MessageView(frame.AsSpan(0, cut), layout);
        Assert.Equal(ParseStatus.Rejected, status);
        Assert.Equal(0x0100, layout.Mti.Value);
        Assert.True(view.TextEquals(11, "000123"u8));
        Assert.False(view.Has(37));
        Assert.False(view.Has(41));
        Assert.Equal($"DE37 at byte {cut - 3}: 3 of 12 bytes", layout.Error.ToString());
    }

    [Fact]
    public void An_error_reads_as_a_sentence()
    {
        var error = new ParseError(ParseReason.LengthOverMax, 35, 118, 41, 37);

        Assert.Equal("DE35 length at byte 118: 41 is longer than 37", error.ToString());
    }

    [Fact]
    public void Every_reason_has_its_words()
    {
        foreach (var reason in Enum.GetValues<ParseReason>())
            Assert.NotEmpty(new ParseError(reason, 4, 10, 1, 2).ToString());
    }
}
