using Xunit;

namespace Processor.Cards.Tests;

public sealed class PanSearchTests
{
    // The numbers are the networks' published examples and the demo's.
    [Theory]
    [InlineData("4761739001010010")]
    [InlineData("card 4761739001010010, Anna's")]
    [InlineData("4761 7390 0101 0010")]
    [InlineData("4761-7390-0101-0010")]
    [InlineData("4761.7390.0101.0010")]
    [InlineData("7 4761739001010010")]
    [InlineData("4761739001010010 12/31")]
    [InlineData("4761739001010010=3112")]
    [InlineData("x4761739001010010x")]
    [InlineData("378282246310005")]
    [InlineData("6304000000000000000")]
    [InlineData("４７６１７３９００１０１００１０")]
    public void A_card_number_is_found(string text) => Assert.True(PanSearch.HasPan(text));

    [Theory]
    [InlineData("")]
    [InlineData("Travel")]
    [InlineData("4761739001010011")]
    [InlineData("476173900101")]
    [InlineData("47617390010100104761739001010010")]
    [InlineData("4761  7390  0101  0010")]
    [InlineData("1763712345123456784")]
    [InlineData("0000000000000000")]
    [InlineData("01M7YK57M52MN2TS5557NVRHME")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("2026-11-21 09:15:00")]
    [InlineData("+49 170 1234567")]
    public void What_is_no_card_number_is_let_through(string text) => Assert.False(PanSearch.HasPan(text));
}
