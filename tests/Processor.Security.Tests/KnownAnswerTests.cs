using System.Text.Json.Nodes;
using Processor.Security.Vectors;
using Processor.Testing;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Every line of specs/crypto/known-answers.jsonl. A case is named by its line's identifier and nothing else.</summary>
public sealed class KnownAnswerTests
{
    private static readonly Dictionary<string, JsonNode> Lines = Read();

    public static TheoryData<string> Ids() => [.. Lines.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_known_answer_is_computed(string id)
    {
        var question = Lines[id].DeepClone().AsObject();
        question.Remove("expected");

        var answer = JsonNode.Parse(VectorRun.Answer(question.ToJsonString()))!;

        Assert.Equal(id, answer["id"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(Lines[id]["expected"], answer["result"]), "The answer is another.");
    }

    [Fact]
    public void All_lines_are_there() => Assert.Equal(414, Lines.Count);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":"x","algorithm":"cvv"}""")]
    [InlineData("""{"id":"x","algorithm":"none","inputs":{}}""")]
    [InlineData("""{"id":"x","algorithm":"cvv","inputs":{"cvk":"12","pan":"x","expiry":7,"service_code":"1"}}""")]
    public void A_line_that_cannot_be_computed_gets_an_error(string line)
    {
        var answer = JsonNode.Parse(VectorRun.Answer(line))!.AsObject();

        Assert.NotEqual("", answer["error"]!.GetValue<string>());
        Assert.False(answer.ContainsKey("result"));
    }

    private static Dictionary<string, JsonNode> Read() =>
        File.ReadLines(RepositoryRoot.Path("specs", "crypto", "known-answers.jsonl")).Select(line => JsonNode.Parse(line)!).ToDictionary(line => line["id"]!.GetValue<string>());
}
