using System.Globalization;
using Processor.Cards;
using Processor.Cli.Load;
using Processor.Cli.Network;
using Processor.Iso8583;

namespace Processor.Cli.Tests;

public sealed class RequestTemplateTests
{
    public static TheoryData<string, string, int> Ways()
    {
        var ways = new TheoryData<string, string, int>();
        foreach (string dialect in new[] { "iso87-ascii", "iso87-binary" })
        {
            foreach (var kind in Enum.GetValues<RequestKind>())
            {
                foreach (int panLength in new[] { 16, 19, 15 })
                    ways.Add(dialect, kind.ToString(), panLength);
            }
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_is_written_over_a_template_is_read_back(string dialectName, string kindName, int panLength)
    {
        var kind = Enum.Parse<RequestKind>(kindName);
        string pan = "4000001200000000018"[..panLength];
        var dialect = TestDialects.Named(dialectName);
        var plan = await PlanAsync(dialect, kind, pan);
        var template = new RequestTemplates(plan, 7).Find(kind, panLength);

        byte[] bytes = new byte[template.Length];
        template.Write(
            bytes,
            new(kind, Card: 0, MinorUnits: 12345, Stan: 678901, Reference: 234567890123, Transmission: 1231235958, OriginalStan: 445566, OriginalTransmission: 0102030405, ApprovalCode: 0x413142324333),
            plan.Cards);
        var message = Iso8583Message.Parse(dialect, bytes.AsSpan(2));

        string[] expected =
        [
            pan, "000000012345", "1231235958", "678901", "235958", "1231", "2907", "500007", "234567890123", "LOAD0007",
        ];
        Assert.Equal(expected, new[] { 2, 4, 7, 11, 12, 13, 14, 32, 37, 41 }.Select(element => message[element]));
        if (kind is RequestKind.Reversal or RequestKind.Completion)
        {
            Assert.Equal("0100" + "445566" + "0102030405" + "00000500007" + "00000000000", message[90]);
            Assert.Equal("A1B2C3", message[38]);
        }
    }

    [Fact]
    public async Task A_card_file_that_is_wrong_is_named_by_its_line_and_shows_no_digit()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "# cards\n4000001200000018,3112\n4000001200000026,3113\n");

        var failure = Assert.Throws<FormatException>(() => CardList.Load(path));

        Assert.StartsWith($"{path}:3: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("400000", failure.Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    [Fact]
    public void The_demo_cards_of_a_load_follow_the_common_rule()
    {
        var cards = CardList.Demo(3);

        Assert.Equal(3, cards.Count);
        Assert.Equal(DemoCards.PanOf(2).Leading(16), cards.PanOf(2));
        Assert.Equal(DemoCards.Expiry, cards.ExpiryOf(2).ToString("D4", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("purchase=1,purchase=2")]
    [InlineData("purchase=x")]
    [InlineData("purchase=1=2")]
    [InlineData("lunch=1")]
    [InlineData("purchase=0")]
    [InlineData("reversal=1")]
    [InlineData("")]
    public void A_mix_that_is_wrong_is_refused(string text) => Assert.Throws<FormatException>(() => TrafficMix.Parse(text));

    private static async Task<LoadPlan> PlanAsync(Dialect dialect, RequestKind kind, string pan)
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, $"{pan},2907\n");
        var cards = CardList.Load(path);
        File.Delete(path);
        return new LoadPlan
        {
            Endpoint = new Endpoint("127.0.0.1", 1, dialect, Framing.Binary2),
            Rate = 1,
            Seconds = 1,
            Connections = 1,
            Cards = cards,
            Mix = kind is RequestKind.Reversal or RequestKind.Completion
                ? TrafficMix.Purchases
                : TrafficMix.Parse($"{kind.ToString().ToLowerInvariant()}=1"),
            Pair = kind switch
            {
                RequestKind.Reversal => PairChoice.Reversal,
                RequestKind.Completion => PairChoice.Completion,
                _ => PairChoice.None,
            },
        };
    }
}
