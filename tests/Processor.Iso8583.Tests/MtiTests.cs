namespace Processor.Iso8583.Tests;

public sealed class MtiTests
{
    [Theory]
    [InlineData("0100", "0110")]
    [InlineData("0101", "0110")]
    [InlineData("0120", "0130")]
    [InlineData("0121", "0130")]
    [InlineData("0200", "0210")]
    [InlineData("0421", "0430")]
    [InlineData("0800", "0810")]
    [InlineData("0102", "0112")]
    [InlineData("0103", "0112")]
    [InlineData("0110", "0110")]
    [InlineData("1804", "1814")]
    public void A_repeat_is_answered_as_its_original(string request, string response) =>
        Assert.Equal(response, Mti.Parse(request).ToResponse().ToString());

    [Fact]
    public void The_four_digits_are_told_apart()
    {
        var mti = Mti.Parse("0421");

        Assert.Equal(0, mti.Version);
        Assert.Equal(MtiClass.Reversal, mti.Class);
        Assert.Equal(MtiFunction.Advice, mti.Function);
        Assert.Equal(1, mti.Origin);
        Assert.True(mti.IsAdvice);
        Assert.True(mti.IsRepeat);
        Assert.False(mti.IsRequest);
        Assert.False(mti.IsResponse);
        Assert.Equal(0x0420, mti.ToOriginal().Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("010")]
    [InlineData("01000")]
    [InlineData("01A0")]
    [InlineData("01\u06600")]
    public void Anything_but_four_digits_is_no_message_type(string text) =>
        Assert.Throws<FormatException>(() => Mti.Parse(text));
}
