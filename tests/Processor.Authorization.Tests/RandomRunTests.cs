using System.Globalization;
using Processor.Testing;
using Xunit;

namespace Processor.Authorization.Tests;

/// <summary>Anything may be asked in any order: the account's sums hold after each step, and no approval goes below the floor.</summary>
public sealed class RandomRunTests
{
    private static readonly string[] Mtis = ["0100", "0100", "0100", "0101", "0120", "0121", "0200", "0201", "0220", "0400", "0401", "0420", "0421"];
    private static readonly string[] Kinds = ["purchase", "purchase", "purchase", "cash", "cashback", "refund", "inquiry", "verification"];

    [Fact]
    public void Random_messages_keep_every_sum() => Seeds.Run(20260103, random =>
    {
        for (var round = 0; round < 40; round++)
        {
            var stage = new Stage(new Dictionary<string, string> { ["balance"] = "3000", ["partial"] = "yes", ["cash"] = "yes", ["day"] = "2500", ["cash-dayCount"] = "20" });
            for (var step = 0; step < 250; step++)
                Play(stage, random);
        }
    });

    private static void Play(Stage stage, Random random)
    {
        var available = stage.Account.Balance(0).Available;
        var (held, posted) = (stage.Account.Balance(0).Held, stage.Account.Balance(0).Posted);
        var word = random.Next(20) switch { 0 => "topup", 1 => "withdraw", 2 => "wait", 3 => "freeze", 4 => "unfreeze", _ => string.Empty };
        if (word.Length > 0)
        {
            stage.Play(word is "topup" or "withdraw" ? [word, random.Next(1, 500).ToString(CultureInfo.InvariantCulture)] : word == "wait" ? [word, random.Next(1, 90) + "h"] : [word]);
            return;
        }

        var mti = Mtis[random.Next(Mtis.Length)];
        var words = new List<string>
        {
            mti, Kinds[random.Next(Kinds.Length)], random.Next(0, 400).ToString(CultureInfo.InvariantCulture),
            "stan=" + random.Next(1, 120).ToString(CultureInfo.InvariantCulture),
        };
        if (mti[1] != '1' || random.Next(4) == 0)
            words.Add((random.Next(2) == 0 ? "of=" : "of200=") + random.Next(1, 120).ToString(CultureInfo.InvariantCulture));
        if (mti[1] == '4' && random.Next(2) == 0)
            words.Add("remaining=" + random.Next(0, 300).ToString(CultureInfo.InvariantCulture));
        foreach (var option in new[] { "partial", "single", "declined" })
        {
            if (random.Next(3) == 0)
                words.Add(option);
        }

        var answer = stage.Play(words);

        var balance = stage.Account.Balance(0);
        Assert.Equal(posted + stage.LastPosted, balance.Posted);
        Assert.Equal(held + stage.LastHeld, balance.Held);
        var isApproval = mti is "0100" or "0101" or "0200" or "0201" && !answer.StartsWith("declined", StringComparison.Ordinal);
        if (isApproval && stage.LastHeld - stage.LastPosted > 0)
            Assert.True(balance.Available >= 0, $"{string.Join(' ', words)} took {available} to {balance.Available}.");
    }
}
