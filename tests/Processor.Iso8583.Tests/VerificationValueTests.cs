using System.Text;

namespace Processor.Iso8583.Tests;

public sealed class VerificationValueTests
{
    [Theory]
    [InlineData("iso87-ascii", 48, "9203123", "123")]
    [InlineData("iso87-ascii", 48, "01021292041234", "1234")]
    [InlineData("iso87-binary", 48, "9203123", "123")]
    [InlineData("iso87-ascii", 48, "9203 12", "12")]
    [InlineData("iso87-ascii", 48, "9103123", null)]
    [InlineData("iso87-ascii", 48, "9204123", null)]
    [InlineData("iso87-ascii", 48, "92", null)]
    [InlineData("iso87-ascii", 48, "92AA123", null)]
    [InlineData("iso87-ascii", 48, "9200", null)]
    [InlineData("iso87-ascii", 48, "920612345678", null)]
    public void The_value_is_found_where_the_dialect_says(string name, int element, string content, string? expected)
    {
        var dialect = Dialect.LoadNamed(name);
        byte[] frame = new Iso8583Message(new Mti(0x0100)) { [4] = "000000001050", [element] = content }.ToBytes(dialect);
        var layout = new MessageLayout();
        Assert.Equal(ParseStatus.Parsed, dialect.TryParse(frame, layout));
        Span<byte> ascii = stackalloc byte[4];

        bool isFound = VerificationValue.TryGet(new MessageView(frame, layout), ascii, out int length);

        Assert.Equal(expected, isFound ? Encoding.ASCII.GetString(ascii[..length]) : null);
    }
}
