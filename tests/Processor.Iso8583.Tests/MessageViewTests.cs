using System.Text;

namespace Processor.Iso8583.Tests;

public sealed class MessageViewTests
{
    [Theory]
    [MemberData(nameof(Golden.PlainNames), MemberType = typeof(Golden))]
    public void Both_dialects_answer_alike(string name)
    {
        var golden = Golden.Of(name);
        byte[] frame = golden.Frame("house-purchase-chip");
        var layout = new MessageLayout();
        golden.Dialect.TryParse(frame, layout);
        var view = new MessageView(frame, layout);

        Assert.Equal(0x0100, view.Mti.Value);
        Assert.Equal("4761739001010010", Digits(view, 2));
        Assert.Equal("051", Digits(view, 22));
        Assert.Equal("978", Digits(view, 49));
        Assert.Equal("4761739001010010=31122011234567890", Text(view, 35));
        Assert.Equal("TERM0001", Text(view, 41));
        Assert.StartsWith("Café Central   ", Text(view, 43), StringComparison.Ordinal);
        Assert.True(view.TryGetNumber(4, out ulong amount));
        Assert.Equal(1050ul, amount);
        Assert.Equal("1A2B3C4D5E6F7081", Bytes(view, 52));
        Assert.StartsWith("9F2608", Bytes(view, 55), StringComparison.Ordinal);
        Assert.True(view.SupportsPartialApproval());
        Assert.Equal(16, view.Length(2));
        Assert.Equal(8, view.Length(52));
    }

    [Theory]
    [MemberData(nameof(Golden.PlainNames), MemberType = typeof(Golden))]
    public void Odd_numbers_of_digits_keep_their_length(string name)
    {
        var golden = Golden.Of(name);
        byte[] frame = golden.Frame("house-odd-digits");
        var layout = new MessageLayout();
        golden.Dialect.TryParse(frame, layout);
        var view = new MessageView(frame, layout);

        Assert.Equal("601100099013942", Digits(view, 2));
        Assert.Equal("001", Digits(view, 23));
        Assert.Equal("1234567", Digits(view, 32));
        Assert.Equal("601100099013942=3112201123", Text(view, 35));
        Assert.True(view.TryGetNumber(32, out ulong acquirer));
        Assert.Equal(1234567ul, acquirer);
        Assert.True(view.TextEquals(22, "051"u8));
        Assert.False(view.TextEquals(22, "0051"u8));
        Assert.False(view.SupportsPartialApproval());
    }

    [Theory]
    [MemberData(nameof(Golden.PlainNames), MemberType = typeof(Golden))]
    public void What_is_missing_or_does_not_fit_is_false(string name)
    {
        var golden = Golden.Of(name);
        byte[] frame = golden.Frame("house-full");
        var layout = new MessageLayout();
        Assert.Equal(ParseStatus.Parsed, golden.Dialect.TryParse(frame, layout));
        var view = new MessageView(frame, layout);
        byte[] target = new byte[64];

        Assert.False(view.Has(0));
        Assert.False(view.Has(1));
        Assert.False(view.Has(129));
        Assert.False(view.Has(-1));
        Assert.False(view.TryGetText(129, target, out _));
        Assert.False(view.TryGetText(2, target.AsSpan(0, 18), out int length));
        Assert.Equal(0, length);
        Assert.False(view.TryGetDigits(41, target, out length));
        Assert.Equal(0, length);
        Assert.False(view.TryGetText(52, target, out _));
        Assert.False(view.TryGetBinary(2, target, out _));
        Assert.False(view.TryGetBinary(52, target.AsSpan(0, 7), out _));
        Assert.False(view.TryGetNumber(35, out ulong number));
        Assert.Equal(0ul, number);
        Assert.False(view.TryGetNumber(28, out _));
        Assert.False(view.TryGetNumber(52, out _));
        Assert.True(view.TryGetText(28, target, out length));
        Assert.Equal("C00000100", Encoding.ASCII.GetString(target, 0, length));
    }

    [Fact]
    public void Elements_are_walked_in_ascending_order()
    {
        byte[] frame = Golden.Binary.Frame("house-full");
        var layout = new MessageLayout();
        Golden.Binary.Dialect.TryParse(frame, layout);
        var view = new MessageView(frame, layout);

        var walked = new List<int>();
        for (int element = view.Next(0); element != 0; element = view.Next(element))
            walked.Add(element);

        Assert.Equal(Enumerable.Range(2, 127), walked);
        Assert.Equal(127, layout.Count);
    }

    [Fact]
    public void The_network_id_comes_without_padding()
    {
        var message = new Iso8583Message(new Mti(0x0100)) { [63] = "NET42   " };
        byte[] frame = message.ToBytes(Golden.Ascii.Dialect);
        var layout = new MessageLayout();
        Golden.Ascii.Dialect.TryParse(frame, layout);
        Span<byte> id = stackalloc byte[32];

        Assert.True(new MessageView(frame, layout).TryGetNetworkId(id, out int length));
        Assert.Equal("NET42", Encoding.ASCII.GetString(id[..length]));
    }

    [Fact]
    public void A_track_separator_reads_the_same_however_it_was_written()
    {
        var message = new Iso8583Message(new Mti(0x0100)) { [35] = "4761739001010010D31122011" };
        byte[] frame = message.ToBytes(Golden.Ascii.Dialect);
        byte[] packed = message.ToBytes(Golden.Binary.Dialect);

        Assert.Equal("4761739001010010=31122011", Iso8583Message.Parse(Golden.Ascii.Dialect, frame)[35]);
        Assert.Equal("4761739001010010=31122011", Iso8583Message.Parse(Golden.Binary.Dialect, packed)[35]);
    }

    [Theory]
    [InlineData("18446744073709551615", true)]
    [InlineData("18446744073709551616", false)]
    [InlineData("99999999999999999999", false)]
    public void A_number_beyond_64_bits_is_refused(string digits, bool fits)
    {
        var message = new Iso8583Message(new Mti(0x0100)) { [60] = digits };
        byte[] frame = message.ToBytes(Golden.Ascii.Dialect);
        var layout = new MessageLayout();
        Golden.Ascii.Dialect.TryParse(frame, layout);

        Assert.Equal(fits, new MessageView(frame, layout).TryGetNumber(60, out _));
    }

    private static string Digits(MessageView view, int element)
    {
        byte[] target = new byte[128];
        Assert.True(view.TryGetDigits(element, target, out int length));
        return Encoding.ASCII.GetString(target, 0, length);
    }

    private static string Text(MessageView view, int element)
    {
        byte[] target = new byte[1024];
        Assert.True(view.TryGetText(element, target, out int length));
        return Encoding.Latin1.GetString(target, 0, length);
    }

    private static string Bytes(MessageView view, int element)
    {
        byte[] target = new byte[1024];
        Assert.True(view.TryGetBinary(element, target, out int length));
        return Convert.ToHexString(target, 0, length);
    }
}
