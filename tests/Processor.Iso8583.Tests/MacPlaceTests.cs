namespace Processor.Iso8583.Tests;

public sealed class MacPlaceTests
{
    private static readonly byte[] Code = [0xC1, 0xD2, 0xE3, 0xF4, 0x05, 0x16, 0x27, 0x38];

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void What_is_written_as_a_code_is_found_behind_everything_else(string name)
    {
        var dialect = Dialect.LoadNamed(name);
        if (dialect.MacLength == 0)
        {
            Assert.False(TryWrite(dialect, second: false, new byte[512], out _, out _));
            return;
        }

        foreach (bool second in new[] { false, true })
        {
            byte[] buffer = new byte[512];
            Assert.True(TryWrite(dialect, second, buffer, out int length, out var place));
            byte[] message = buffer[..length];
            place.Write(message, Code.AsSpan(0, 4));

            var layout = new MessageLayout();
            Assert.Equal(ParseStatus.Parsed, dialect.TryParse(message, layout));
            var view = new MessageView(message, layout);
            Assert.True(view.TryGetMac(out var found));
            Assert.Equal((second ? 128 : 64, place.MtiOffset, place.Offset), (found.DataElement, found.MtiOffset, found.Offset));
            Assert.Equal(view.Header.Length, found.MtiOffset);
            byte[] code = new byte[32];
            Assert.True(view.TryGetBinary(found.DataElement, code, out int codeLength));
            Assert.Equal(dialect.MacLength, codeLength);
            Assert.Equal([.. Code[..4], .. new byte[codeLength - 4]], code[..codeLength]);
        }
    }

    [Fact]
    public void A_code_that_does_not_stand_last_is_found_and_not_good()
    {
        var dialect = Dialect.LoadNamed("iso87-binary");
        byte[] message = new Iso8583Message(Mti.Parse("0100")) { [11] = "000001", [64] = "0102030405060708", [102] = "1" }.ToBytes(dialect);
        var layout = new MessageLayout();
        dialect.TryParse(message, layout);

        Assert.False(new MessageView(message, layout).TryGetMac(out var place));
        Assert.Equal(64, place.DataElement);
    }

    [Fact]
    public void A_message_without_a_code_has_no_place_for_one()
    {
        var dialect = Dialect.LoadNamed("iso87-binary");
        byte[] message = new Iso8583Message(Mti.Parse("0100")) { [11] = "000001" }.ToBytes(dialect);
        var layout = new MessageLayout();
        dialect.TryParse(message, layout);

        Assert.False(new MessageView(message, layout).TryGetMac(out var place));
        Assert.Equal(0, place.DataElement);
    }

    private static bool TryWrite(Dialect dialect, bool second, byte[] buffer, out int length, out MacPlace place)
    {
        var writer = new MessageWriter(buffer, dialect);
        writer.Begin(new Mti(0x0100));
        writer.SetNumber(11, 1);
        if (second)
            writer.SetText(102, "1"u8);
        return writer.TryFinishWithMac(out length, out place);
    }
}
