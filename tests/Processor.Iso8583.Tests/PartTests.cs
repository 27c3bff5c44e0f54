using System.Text;

namespace Processor.Iso8583.Tests;

public sealed class PartTests
{
    private static readonly DateTime Near = new(2026, 1, 2);

    [Fact]
    public void Chip_data_is_read_in_place_without_allocation()
    {
        var golden = Golden.Ascii;
        byte[] frame = new Iso8583Message(new Mti(0x0100))
        {
            [4] = "000000001050",
            [7] = "1231235959",
            [28] = "D00000250",
            [55] = "009F0206000000001050" + "0081820100" + new string('0', 512) + "9F360200FF",
        }.ToBytes(golden.Dialect);
        var layout = new MessageLayout();
        Assert.Equal(ParseStatus.Parsed, golden.Dialect.TryParse(frame, layout));
        ulong amount = 0, counter = 0;
        long fee = 0, total = 0;
        DateTime sent = default;

        Assert.Equal(0, Allocation.LeastBytes(() =>
        {
            for (int run = 0; run < 1000; run++)
                Run();
        }));
        Assert.Equal((1050UL, 0xFFUL), (amount, counter));
        Assert.Equal((-250L, 1050L), (fee, total));
        Assert.Equal(new DateTime(2025, 12, 31, 23, 59, 59), sent);

        void Run()
        {
            var view = new MessageView(frame, layout);
            view.TryGetTag(55, 0x9F02, out var part);
            part.TryGetNumber(out amount);
            view.TryGetTag(55, 0x9F36, out part);
            counter = part.Raw.Length == 2 ? (ulong)(part.Raw[0] << 8 | part.Raw[1]) : 0;
            view.TryGetAmount(28, out fee);
            view.TryGetAmount(4, out total);
            view.TryGetDateTime(7, Near, out sent);
        }
    }

    [Theory]
    [InlineData("0101", "2026-01-01")]
    [InlineData("1231", "2025-12-31")]
    [InlineData("991231", "1999-12-31")]
    [InlineData("20280229", "2028-02-29")]
    [InlineData("20270229", null)]
    [InlineData("260102030405", "2026-01-02T03:04:05")]
    [InlineData("260102036005", null)]
    [InlineData("26010203", "2601-02-03")]
    public void A_date_without_its_year_is_the_nearest(string digits, string? expected)
    {
        var dialect = LanguageTests.Of(
            "\"bitmap\": { \"encoding\": \"binary\" }", """{ "de": 12, "name": "x", "format": "n..14", "length": "ascii-2", "encoding": "ascii" }""");
        byte[] frame = new Iso8583Message(new Mti(0x0100)) { [12] = digits }.ToBytes(dialect);
        var layout = new MessageLayout();
        dialect.TryParse(frame, layout);

        bool isDate = new MessageView(frame, layout).TryGetDateTime(12, Near, out var value);

        Assert.Equal(expected is not null, isDate);
        if (expected is not null)
            Assert.Equal(DateTime.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), value);
    }

    [Fact]
    public void A_subelement_says_that_less_will_do()
    {
        var golden = Golden.Of("mastercard-like");
        byte[] frame = golden.Frame("house-purchase-chip");
        var layout = new MessageLayout();
        golden.Dialect.TryParse(frame, layout);
        var view = new MessageView(frame, layout);

        Assert.True(view.SupportsPartialApproval());
        Assert.True(view.TryGetPart(48, "61", out var part));
        Span<byte> text = stackalloc byte[16];
        Assert.True(part.TryGetText(text, out int length));
        Assert.Equal("10000", Encoding.ASCII.GetString(text[..length]));
    }

    [Fact]
    public void Parts_have_their_keys_places_and_values()
    {
        var golden = Golden.Of("iso2003");
        byte[] frame = golden.Frame("house-full");

        string printed = MessageDescription.Of(golden.Dialect, frame).ToString();

        Assert.Contains("Grocer", printed, StringComparison.Ordinal);
        Assert.Contains("TRACE0000000001", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("ZIPCODE", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2000000000000000" + "0A0299", "DE3.1 at byte 10: a character outside its class")]
    [InlineData("2000000000000000" + "010299", "no error")]
    public void A_wrong_part_is_named(string hex, string error)
    {
        var dialect = LanguageTests.Of("\"bitmap\": { \"encoding\": \"binary\" }", """
            { "de": 3, "name": "x", "format": "b3", "encoding": "binary", "parts": { "kind": "positional", "items": [
              { "key": "1", "name": "p", "format": "n2", "encoding": "bcd" }, { "key": "2", "name": "q", "format": "b2", "encoding": "binary" } ] } }
            """);
        byte[] frame = Convert.FromHexString("0800" + hex);
        var layout = new MessageLayout();

        dialect.TryParse(frame, layout);

        Assert.Equal(error, layout.Error.ToString());
    }
}
