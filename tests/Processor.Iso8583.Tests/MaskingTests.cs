using System.Text;

namespace Processor.Iso8583.Tests;

public sealed class MaskingTests
{
    [Theory]
    [MemberData(nameof(Golden.PlainNames), MemberType = typeof(Golden))]
    public void A_printed_message_hides_card_data(string name)
    {
        var golden = Golden.Of(name);
        var message = new Iso8583Message(new Mti(0x0100))
        {
            [2] = "4761739001010010",
            [35] = "4761739001010010=31122011234567890",
            [45] = "B4761739001010010^MUSTER/ERIKA^31122011234567890",
            [48] = "9203123",
            [52] = "1A2B3C4D5E6F7081",
            [55] = "5A084761739001010010" + "57114761739001010010D31122011234567890" + "9F2608A1B2C3D4E5F60718" + "9F3602000A" + "DF7F03313233",
            [102] = "4761739001010010",
            [126] = "CVV2 123",
        };
        byte[] frame = message.ToBytes(golden.Dialect);

        string printed = MessageDescription.Of(golden.Dialect, frame).ToString();
        string line = Iso8583Message.Parse(golden.Dialect, frame).ToString();

        foreach (string text in new[] { printed, line, message.ToString() })
        {
            Assert.Contains("476173******0010", text, StringComparison.Ordinal);
            foreach (string secret in new[] { "739001", "3112", "MUSTER", "9203123", "1A2B3C4D", "A1B2C3D4", "313233", "CVV2" })
                Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }

        Assert.Contains("9F36", printed, StringComparison.Ordinal);
        Assert.Contains("000A", printed, StringComparison.Ordinal);
        Assert.Contains("Application cryptogram", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9F")]
    [InlineData("9F2608")]
    [InlineData("9F26")]
    [InlineData("9F2680")]
    [InlineData("9F2683010203")]
    [InlineData("9F268210")]
    [InlineData("0000")]
    [InlineData("5F81818101")]
    public void Chip_data_that_is_no_chip_data_is_hidden(string hex)
    {
        byte[] frame = new Iso8583Message(new Mti(0x0100)) { [55] = hex }.ToBytes(Golden.Ascii.Dialect);

        var element = MessageDescription.Of(Golden.Ascii.Dialect, frame).Elements.Single();

        Assert.Equal("****", element.Value);
        Assert.Empty(element.Parts);
    }

    [Theory]
    [InlineData(2, "4761739")]
    [InlineData(35, "4761739001010010")]
    [InlineData(35, "=31122011")]
    [InlineData(36, "A TEXT")]
    [InlineData(45, "B4761739^NAME")]
    public void What_does_not_look_as_expected_is_hidden_altogether(int element, string value)
    {
        var message = new Iso8583Message(new Mti(0x0100)) { [element] = value };

        Assert.Equal($"0100 {element}=****", message.ToString());
    }

    [Fact]
    public void A_description_shows_where_each_element_lies()
    {
        byte[] frame = Golden.Ascii.Frame("house-sign-on");

        string printed = MessageDescription.Of(Golden.Ascii.Dialect, frame).ToString();

        string[] lines = printed.Split('\n');
        Assert.Equal("0800 network management request (iso87-ascii, 55 bytes)", lines[0]);
        Assert.Matches("^  DE7 .* n10 +@36 +10  1121143000$", lines[1]);
        Assert.Matches("^  DE70 .* n3 +@52 +3  001$", lines[3]);
    }

    [Fact]
    public void A_rejected_message_is_described_up_to_its_error()
    {
        byte[] frame = Golden.Ascii.Frame("house-sign-on");
        frame[^1] = (byte)'X';

        string printed = MessageDescription.Of(Golden.Ascii.Dialect, frame).ToString();

        Assert.Contains("DE11", printed, StringComparison.Ordinal);
        Assert.EndsWith("  rejected: DE70 at byte 54: a character outside its class\n", printed, StringComparison.Ordinal);
        string unreadable = MessageDescription.Of(Golden.Ascii.Dialect, Encoding.ASCII.GetBytes("X")).ToString();
        Assert.StartsWith("MTI unreadable", unreadable, StringComparison.Ordinal);
    }
}
