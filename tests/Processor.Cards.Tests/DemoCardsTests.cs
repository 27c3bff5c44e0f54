using Xunit;

namespace Processor.Cards.Tests;

public sealed class DemoCardsTests
{
    [Fact]
    public void The_told_cards_have_a_right_check_digit()
    {
        Pan[] told = [DemoCards.Everyday, DemoCards.Poor, DemoCards.Frozen, DemoCards.Unlimited];

        Assert.All(told, pan => Assert.True(pan.HasCheckDigit));
    }

    [Theory]
    [InlineData(0, "4000001200000000")]
    [InlineData(1, "4000001200000018")]
    [InlineData(7, "4000001200000075")]
    [InlineData(2_999_999, "4000001229999998")]
    public void A_load_card_is_its_index_and_a_check_digit(int index, string digits)
    {
        Span<byte> ascii = stackalloc byte[16];

        Assert.Equal(16, DemoCards.PanOf(index).CopyDigits(ascii));

        Assert.Equal(digits[..15], System.Text.Encoding.ASCII.GetString(ascii[..15]));
        Assert.True(DemoCards.PanOf(index).HasCheckDigit);
    }

    [Fact]
    public void No_load_card_is_a_told_card()
    {
        Span<byte> told = stackalloc byte[16];
        DemoCards.Unlimited.CopyDigits(told);
        int index = int.Parse(told[8..15], System.Globalization.CultureInfo.InvariantCulture);

        Assert.Throws<ArgumentOutOfRangeException>(() => DemoCards.PanOf(index));
    }
}
