using System.Globalization;
using Processor.Testing;
using Xunit;

namespace Processor.Authorization.Tests;

/// <summary>Plays the tables in specs/scenarios.</summary>
public sealed class ScenarioTests
{
    private static readonly string[] Files = ["requests.txt", "precedence.txt", "limits.txt", "advices.txt", "reversals.txt", "commands.txt", "credentials.txt"];

    public static TheoryData<string, string> Names()
    {
        var names = new TheoryData<string, string>();
        foreach (var scenario in Files.SelectMany(file => Scenario.Read(RepositoryRoot.Specs("scenarios", file))))
            names.Add(scenario.File, scenario.Name);
        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_comes_out_as_its_table_says(string file, string name)
    {
        var scenario = Scenario.Read(RepositoryRoot.Specs("scenarios", file)).Single(item => item.Name == name);
        var stage = new Stage(scenario.Given);

        foreach (var step in scenario.Steps)
        {
            var answer = stage.Play(step.Words);
            Assert.Equal((step.Line, step.Answer), (step.Line, answer));
            foreach (var (what, text) in step.After)
                Assert.Equal((step.Line, what, long.Parse(text, CultureInfo.InvariantCulture)), (step.Line, what, Read(stage, what)));
        }
    }

    private static long Read(Stage stage, string what) => what switch
    {
        "held" => stage.Account.Balance(0).Held,
        "posted" => stage.Account.Balance(0).Posted,
        "available" => stage.Account.Balance(0).Available,
        "holds" => stage.Account.Account.OpenHolds,
        "ledger" => stage.Answer.LedgerBalance,
        "told" => stage.Answer.AvailableBalance,
        "tries" => stage.Account.Card(1).PinTries,
        "counter" => stage.Account.Card(1).Atc,
        "de4" => stage.Answer.ApprovedTransaction,
        "de6" => stage.Answer.ApprovedBilling,
        _ => throw new ArgumentException($"'{what}' is not a word of the tables.", nameof(what)),
    };
}
