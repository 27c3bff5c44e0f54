using System.Text.Json;
using System.Text.Json.Nodes;
using Processor.Iso8583.Vectors;

namespace Processor.Iso8583.Tests;

/// <summary>Every line of <c>messages.jsonl</c> and <c>made.jsonl</c>, each in the dialect that it carries.</summary>
public sealed class VectorTests
{
    private static readonly Dictionary<string, JsonObject> Lines = ReadLines();

    public static TheoryData<string> Valid => [.. Ids("valid")];

    public static TheoryData<string> Malformed => [.. Ids("malformed")];

    [Fact]
    public void The_files_are_complete()
    {
        Assert.Equal(56 + 24, Valid.Count);
        Assert.Equal(30 + 59, Malformed.Count);
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_valid_vector_is_read_and_written_back(string id)
    {
        var line = Lines[id];

        var answer = Answer(line);

        var expected = line["expected"]!;
        AssertSame(expected["mti"], answer["mti"]);
        AssertSame(expected["fields"], answer["fields"]);
        AssertSame(expected["header"] ?? new JsonObject(), answer["header"] ?? new JsonObject());
        AssertSame(expected["sub"] ?? new JsonObject(), answer["sub"]);
        Assert.Equal(line["hex"]!.GetValue<string>(), answer["repacked"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_vector_is_refused_with_reason_field_and_offset(string id)
    {
        var line = Lines[id];

        var error = Answer(line)["error"]!;

        var expected = line["expected"]!;
        Assert.Equal(
            (expected["error"]!.GetValue<string>(), expected["field"]!.GetValue<string>(), expected["offset"]!.GetValue<int>()),
            (error["reason"]!.GetValue<string>(), error["de"]!.GetValue<string>(), error["offset"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{ \"id\": \"x\" }")]
    [InlineData("{ \"id\": \"x\", \"dialect\": 3, \"hex\": \"00\" }")]
    [InlineData("{ \"id\": 7, \"dialect\": { \"mti\": { \"enc\": \"morse\" }, \"bitmap\": {} }, \"hex\": \"00\" }")]
    [InlineData("{ \"id\": \"x\", \"dialect\": { \"mti\": { \"enc\": \"none\" }, \"bitmap\": { \"enc\": \"binary\" } }, \"hex\": \"0\" }")]
    public void A_line_that_makes_no_sense_is_answered_all_the_same(string line)
    {
        var answer = JsonNode.Parse(VectorRun.Answer(line))!;

        Assert.Equal("bad-vector", answer["error"]!["reason"]!.GetValue<string>());
    }

    private static JsonNode Answer(JsonObject line)
    {
        var asked = (JsonObject)line.DeepClone();
        asked.Remove("expected");
        return JsonNode.Parse(VectorRun.Answer(asked.ToJsonString()))!;
    }

    private static void AssertSame(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{actual?.ToJsonString()} is not {expected?.ToJsonString()}");

    private static IEnumerable<string> Ids(string kind) =>
        Lines.Where(line => line.Value["kind"]!.GetValue<string>() == kind).Select(line => line.Key);

    private static Dictionary<string, JsonObject> ReadLines()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "specs", "iso8583", "golden");
        return File.ReadLines(Path.Combine(folder, "messages.jsonl"))
            .Concat(File.ReadLines(Path.Combine(folder, "made.jsonl")))
            .Select(line => (JsonObject)JsonNode.Parse(line)!)
            .ToDictionary(line => line["id"]!.GetValue<string>());
    }
}
