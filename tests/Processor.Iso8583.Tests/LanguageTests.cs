using System.Text;

namespace Processor.Iso8583.Tests;

/// <summary>What the dialect language says beyond the dialects that ship.</summary>
public sealed class LanguageTests
{
    [Theory]
    [InlineData("\"encoding\": \"binary\", \"max\": 3", "800000000000000080000000000000008000000000000000" + "41")]
    [InlineData("\"encoding\": \"binary\", \"max\": 3, \"third\": \"in-place\"", "80000000000000008000000000000000" + "8000000000000000" + "41")]
    [InlineData("\"encoding\": \"hex\", \"max\": 3", "383030303030303030303030303030303830303030303030303030303030303038303030303030303030303030303030" + "41")]
    [InlineData("\"encoding\": \"binary\", \"fixed\": 3", "800000000000000080000000000000008000000000000000" + "41")]
    public void A_third_bitmap_is_read_and_written(string bitmap, string hex)
    {
        var dialect = Of($"\"bitmap\": {{ {bitmap} }}", """{ "de": 129, "name": "x", "format": "an1", "encoding": "ascii" }""");

        var message = new Iso8583Message(new Mti(0x0800)) { [129] = "A" };

        Assert.Equal("0800" + hex, Convert.ToHexString(message.ToBytes(dialect)));
        Assert.Equal("A", Iso8583Message.Parse(dialect, Convert.FromHexString("0800" + hex))[129]);
    }

    [Theory]
    [InlineData("""{ "de": 2, "name": "x", "format": "n..19", "length": "binary-1", "counts": "bytes", "encoding": "bcd", "pad": "right-f" }""", "12345", "0312345F")]
    [InlineData("""{ "de": 2, "name": "x", "format": "n..19", "length": "bcd-2", "encoding": "bcd", "pad": "left-f" }""", "12345", "05F12345")]
    [InlineData("""{ "de": 2, "name": "x", "format": "n..19", "length": "hex-2", "encoding": "ascii" }""", "1234567890", "304131323334353637383930")]
    [InlineData("""{ "de": 2, "name": "x", "format": "n..19", "length": "ebcdic-2", "encoding": "ebcdic-037" }""", "12", "F0F2F1F2")]
    [InlineData("""{ "de": 2, "name": "x", "format": "b...99", "length": "ascii-3", "counts": "characters", "encoding": "hex" }""", "0A0B", "30303430413042")]
    [InlineData("""{ "de": 2, "name": "x", "format": "b...99", "length": "bcd-3", "counts": "nibbles", "encoding": "binary" }""", "0A0B", "00040A0B")]
    [InlineData("""{ "de": 2, "name": "x", "format": "b2", "encoding": "hex-ebcdic" }""", "0A0B", "F0C1F0C2")]
    [InlineData("""{ "de": 2, "name": "x", "format": "z..37", "length": "bcd-2", "encoding": "bcd", "nibbles": { "d": "=", "f": "" } }""", "12=345", "0612D345")]
    [InlineData("""{ "de": 2, "name": "x", "format": "n8", "encoding": "bcd", "nibbles": { "f": "" } }""", "12345", "12345FFF")]
    [InlineData("""{ "de": 2, "name": "x", "format": "any......100000", "length": "ascii-6", "encoding": "latin1" }""", "é\n", "303030303032E90A")]
    [InlineData("""{ "de": 2, "name": "x", "format": "x+n8", "encoding": "ebcdic-500" }""", "D00000100", "C4F0F0F0F0F0F1F0F0")]
    [InlineData("""{ "de": 2, "name": "x", "format": "ans3", "encoding": "ebcdic-1047" }""", "[^]", "AD5FBD")]
    [InlineData("""{ "de": 2, "name": "x", "format": "ans3", "encoding": "ebcdic-037" }""", "[^]", "BAB0BB")]
    public void Every_way_of_writing_an_element_reads_back(string element, string value, string hex)
    {
        var dialect = Of(Bitmap, element);

        byte[] frame = new Iso8583Message(new Mti(0x0800)) { [2] = value }.ToBytes(dialect);

        Assert.Equal("0800" + "4000000000000000" + hex, Convert.ToHexString(frame));
        Assert.Equal(value, Iso8583Message.Parse(dialect, frame)[2]);
    }

    [Theory]
    [InlineData("left-space", "   T1")]
    [InlineData("right-space", "T1   ")]
    [InlineData("left-zero", "000T1")]
    [InlineData("right-zero", "T1000")]
    public void Short_content_is_filled_as_the_dialect_says(string fill, string content)
    {
        var dialect = Of(Bitmap, $$"""{ "de": 2, "name": "x", "format": "ans5", "encoding": "ascii", "fill": "{{fill}}" }""");

        byte[] frame = new Iso8583Message(new Mti(0x0800)) { [2] = "T1" }.ToBytes(dialect);

        Assert.Equal(content, Iso8583Message.Parse(dialect, frame)[2]);
    }

    [Theory]
    [InlineData("1231235959", true)]
    [InlineData("0229000000", true)]
    [InlineData("0230000000", false)]
    [InlineData("1301000000", false)]
    [InlineData("0101240000", false)]
    public void A_date_is_checked_when_asked(string digits, bool isDate)
    {
        var dialect = Of(Bitmap, """{ "de": 7, "name": "x", "format": "n10", "encoding": "ascii", "date": "MMDDhhmmss" }""");
        byte[] frame = [.. Convert.FromHexString("08000200000000000000"), .. Encoding.ASCII.GetBytes(digits)];
        var layout = new MessageLayout();

        var status = dialect.TryParse(frame, layout);

        Assert.Equal(isDate, status == ParseStatus.Parsed);
        Assert.Equal(isDate ? "no error" : "DE7 at byte 10: no such date or time", layout.Error.ToString());
    }

    [Fact]
    public void A_relaxed_dialect_lets_pass_what_it_says()
    {
        const string Element = """
            { "de": 2, "name": "x", "format": "n4", "encoding": "ascii" },
            { "de": 55, "name": "y", "format": "b..9", "length": "binary-1", "encoding": "binary", "parts": { "kind": "ber-tlv" } }
            """;
        byte[] frame = Convert.FromHexString("0800" + "4000000000000200" + "31413233" + "029F02" + "FF");

        Assert.Throws<FormatException>(() => Iso8583Message.Parse(Of(Bitmap, Element), frame));
        var relaxed = Of(Bitmap + ", \"relax\": [\"trailing-data\", \"characters\", \"parts\"]", Element);

        Assert.Equal("1A23", Iso8583Message.Parse(relaxed, frame)[2]);
    }

    [Fact]
    public void A_dialect_that_extends_another_says_only_what_differs()
    {
        var dialect = Dialect.Parse("""
            {
              "name": "near-87",
              "extends": "iso87-ascii",
              "without": [127],
              "partialApproval": null,
              "elements": [
                { "de": 22, "format": "n4" },
                { "de": 43, "format": "ans..99", "length": "ascii-2", "note": null }
              ]
            }
            """u8);

        Assert.Equal("n4", dialect[22]!.Format);
        Assert.Equal("Point of service entry mode", dialect[22]!.Name);
        Assert.Equal(99, dialect[43]!.LengthMax);
        Assert.Null(dialect[127]);
        Assert.Null(dialect.PartialApproval);
        Assert.Equal(63, dialect.NetworkIdElement);
    }

    [Theory]
    [InlineData("{ \"name\": \"a\", \"extends\": \"nonesuch\" }", "dialect: extends nonesuch, which is neither beside it nor among the dialects that ship.")]
    [InlineData("{ \"name\": \"a\", \"extends\": \"iso87-ascii\", \"recode\": { \"lengths\": {} } }", "recode has the keys content and length, each with encodings and what they become.")]
    [InlineData("{ \"name\": \"a\", \"extends\": \"iso87-ascii\", \"elements\": [{ \"de\": 63 }, { \"de\": 63 }] }", "DE63: de stands twice.")]
    [InlineData("{ \"name\": \"a\", \"extends\": 3 }", "extends must be a text.")]
    [InlineData("{ \"name\": \"a\", \"extends\": \"iso87-ascii\", \"without\": [200] }", "without names an element that is not inherited.")]
    [InlineData("{ \"name\": \"a\", \"extends\": \"iso87-ascii\", \"elements\": [{ \"de\": 48, \"parts\": { \"kind\": \"morse\" } }] }", "DE48: kind morse is not one of")]
    [InlineData("{ \"name\": \"a\", \"extends\": \"iso87-ascii\", \"elements\": [{ \"de\": 3, \"date\": \"MMDD\" }] }", "DE3: date needs a fixed format of 4 digits.")]
    public void A_wrong_heir_is_told_so(string json, string message)
    {
        var exception = Assert.Throws<DialectException>(() => Dialect.Parse(Encoding.UTF8.GetBytes(json)));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    private const string Bitmap = "\"bitmap\": { \"encoding\": \"binary\" }";

    internal static Dialect Of(string bitmap, string elements) => Dialect.Parse(Encoding.UTF8.GetBytes(
        $"{{ \"name\": \"test\", \"mti\": {{ \"encoding\": \"bcd\" }}, {bitmap}, \"elements\": [{elements}] }}"));
}
