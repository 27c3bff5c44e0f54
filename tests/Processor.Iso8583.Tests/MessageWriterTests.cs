using System.Text;
using Xunit;

namespace Processor.Iso8583.Tests;

public sealed class MessageWriterTests
{
    [Theory]
    [InlineData("iso87-ascii")]
    [InlineData("iso87-binary")]
    public void What_is_written_is_read(string name)
    {
        var dialect = Dialect.LoadNamed(name);
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer, dialect);
        writer.Begin(new Mti(0x0100));
        writer.SetDigits(2, "4761739001010010"u8);
        writer.SetNumber(4, 1050);
        writer.SetDigits(22, "051"u8);
        writer.SetText(35, "4761739001010010=31122011"u8);
        writer.SetText(41, "TERM1"u8);
        writer.SetText(90, "010000000100000000000000000000000000000000"u8);
        writer.SetText(39, "00"u8);
        writer.SetDigits(32, "12345"u8);
        Assert.Equal(WriteStatus.Written, writer.Status);
        Assert.True(writer.TryFinish(out int length));
        var layout = new MessageLayout();
        Assert.Equal(ParseStatus.Parsed, dialect.TryParse(buffer.AsSpan(0, length), layout));
        var view = new MessageView(buffer.AsSpan(0, length), layout);
        Span<byte> text = stackalloc byte[100];
        Assert.True(view.TryGetText(35, text, out int count));
        Assert.Equal("4761739001010010=31122011", Encoding.ASCII.GetString(text[..count]));
        Assert.True(view.TryGetDigits(32, text, out count));
        Assert.Equal("12345", Encoding.ASCII.GetString(text[..count]));
        Assert.True(view.TryGetNumber(4, out ulong amount));
        Assert.Equal(1050ul, amount);
        Assert.True(view.TextEquals(22, "051"u8));
        Assert.True(view.TextEquals(39, "00"u8));
        Assert.True(view.TextEquals(41, "TERM1   "u8));
    }
}
