using System.Text;
using Processor.Cards;
using Processor.Testing;

namespace Processor.Switch.Tests;

public sealed class ResponseCodeTableTests
{
    public static TheoryData<string> Profiles() => new(Directory.EnumerateFiles(RepositoryRoot.Specs("response-codes"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)));

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Every_profile_has_a_code_for_every_reason(string profile)
    {
        var table = ResponseCodeTable.LoadNamed(profile);

        foreach (var reason in Enum.GetValues<DeclineReason>().Where(reason => reason != DeclineReason.None))
            Assert.NotEqual(table.Approved, table[reason]);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[DeclineReason.None]);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[(DeclineReason)9999]);
        Assert.Equal(profile, table.Name);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Whoever_hears_65_70_or_1A_may_ask_once_more_with_the_same_cryptogram(string profile)
    {
        var table = ResponseCodeTable.LoadNamed(profile);

        foreach (var reason in Enum.GetValues<DeclineReason>().Where(reason => reason != DeclineReason.None))
            Assert.Equal((reason, table[reason].ToString() is "65" or "70" or "1A"), (reason, DeclineReasons.AsksForMore(reason)));
    }

    [Theory]
    [InlineData("default", DeclineReason.InsufficientFunds, "51")]
    [InlineData("default", DeclineReason.CardExpired, "54")]
    [InlineData("default", DeclineReason.CardFrozen, "57")]
    [InlineData("visa-like", DeclineReason.CardFrozen, "78")]
    [InlineData("mastercard-like", DeclineReason.CardFrozen, "62")]
    [InlineData("visa-like", DeclineReason.CardNotFound, "14")]
    [InlineData("default", DeclineReason.IssuerUnavailable, "91")]
    [InlineData("default", DeclineReason.SystemError, "96")]
    [InlineData("default", DeclineReason.DuplicateRefused, "94")]
    public void A_reason_is_ours_and_a_code_is_theirs(string profile, DeclineReason reason, string code)
    {
        Assert.Equal(code, ResponseCodeTable.LoadNamed(profile)[reason].ToString());
    }

    [Theory]
    [InlineData("\"insufficient_funds\": \"51\",", "", "insufficient_funds has no code")]
    [InlineData("\"insufficient_funds\": \"51\",", "\"insufficient_funds\": \"51\", \"bad_weather\": \"05\",", "bad_weather is no decline reason")]
    [InlineData("\"insufficient_funds\": \"51\"", "\"insufficient_funds\": \"5\"", "5 is not two letters or digits")]
    [InlineData("\"approved\": \"00\"", "\"approved\": \"0 \"", "not two letters or digits")]
    [InlineData("\"approved\"", "\"agreed\"", "agreed")]
    public void A_table_with_a_gap_does_not_load(string from, string to, string problem)
    {
        var json = File.ReadAllText(RepositoryRoot.Specs("response-codes", "default.json"));

        var found = Assert.Throws<SwitchSettingsException>(() => ResponseCodeTable.Parse(Encoding.UTF8.GetBytes(json.Replace(from, to, StringComparison.Ordinal)), "gap.json"));

        Assert.Contains(problem, found.Message, StringComparison.Ordinal);
    }
}
