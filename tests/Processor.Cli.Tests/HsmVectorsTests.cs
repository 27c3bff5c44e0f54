using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Processor.Cli.Commands;
using Processor.Testing;

namespace Processor.Cli.Tests;

/// <summary><c>processor hsm vectors</c> as a stranger uses it who has lines of their own.</summary>
public sealed class HsmVectorsTests : IDisposable
{
    private const int Seed = 20261121;

    private static readonly JsonObject[] Known =
        [.. File.ReadLines(RepositoryRoot.Specs("crypto", "known-answers.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("processor-vectors-");

    /// <summary>One line of each algorithm.</summary>
    private static IEnumerable<JsonObject> Kinds => Known.DistinctBy(line => line["algorithm"]!.GetValue<string>());

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Every_known_answer_is_printed_for_its_line_without_it()
    {
        var answers = await AnswerAsync(Known.Select(line => Question(line).ToJsonString()));

        Assert.Equal(414, answers.Count);
        foreach (var (line, answer) in Known.Zip(answers))
        {
            var id = line["id"]!.GetValue<string>();
            Assert.True(JsonNode.DeepEquals(new JsonObject { ["id"] = id, ["result"] = line["expected"]!.DeepClone() }, answer), $"{id} is answered otherwise.");
        }
    }

    [Fact]
    public async Task What_else_a_line_has_is_passed_over_and_so_are_empty_lines()
    {
        var whole = Known[0].DeepClone().AsObject();
        whole["expected"] = "something else";

        var answers = await AnswerAsync(["", whole.ToJsonString(), "   ", "\t"]);

        Assert.True(JsonNode.DeepEquals(Known[0]["expected"], Assert.Single(answers)["result"]));
    }

    [Theory]
    [InlineData("nonsense", null)]
    [InlineData("{", null)]
    [InlineData("[1,2]", null)]
    [InlineData("7", null)]
    [InlineData("null", null)]
    [InlineData("\"text\"", null)]
    [InlineData("{}", null)]
    [InlineData("""{"id":7,"algorithm":"cvv","inputs":{}}""", null)]
    [InlineData("""{"id":"x"}""", "x")]
    [InlineData("""{"id":"x","algorithm":7,"inputs":{}}""", "x")]
    [InlineData("""{"id":"x","algorithm":"cvv","inputs":[]}""", "x")]
    [InlineData("""{"id":"x","algorithm":"","inputs":{}}""", "x")]
    [InlineData("""{"id":"x","algorithm":"cvw","inputs":{}}""", "x")]
    [InlineData("""{"id":"x","algorithm":"emv.icc_mk","inputs":{"option":"C","imk":"0123456789ABCDEFFEDCBA9876543210","pan":"1234567890123456","psn":"00"}}""", "x")]
    [InlineData("""{"id":"x","algorithm":"cvv","inputs":{"cvk":"\uD800","pan":"1","expiry":"1","service_code":"1"}}""", "x")]
    [InlineData("""{"id":"\uD800","algorithm":"cvv","inputs":{}}""", null)]
    [InlineData("""{"id":"x","algorithm":"\uDC00","inputs":{}}""", "x")]
    [InlineData("""{"id":"x","\uD800":7,"algorithm":"cvv","inputs":{"\uD800":"1"}}""", null)]
    [InlineData("""{"id":"x","algorithm":"cvv","inputs":{"a":{"b":{"c":{"d":1}}}}}""", null)]
    public async Task A_line_that_is_no_question_gets_an_error(string line, string? id)
    {
        var answer = Assert.Single(await AnswerAsync([line]));

        Assert.Equal(["id", "error"], answer.Select(member => member.Key));
        Assert.Equal(id, answer["id"]?.GetValue<string>());
        Assert.NotEqual("", answer["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_line_cut_anywhere_gets_an_error_in_its_place()
    {
        foreach (var kind in Kinds)
        {
            var line = Question(kind).ToJsonString();
            var answers = await AnswerAsync(Enumerable.Range(1, line.Length - 1).Select(length => line[..length]));

            Assert.Equal(line.Length - 1, answers.Count);
            Assert.All(answers, answer => Assert.NotNull(answer["error"]));
        }
    }

    [Fact]
    public async Task An_input_that_is_missing_or_of_another_kind_is_named_and_never_shown()
    {
        foreach (var kind in Kinds)
        {
            foreach (var name in kind["inputs"]!.AsObject().Select(member => member.Key))
            {
                JsonNode?[] others = [null, 7, true, new JsonArray(), new JsonObject(), "", "not hex", "F", "é", "-1", "99999999999999999999", new string('0', 100_000), new string('F', 1_000)];
                var lines = new List<string> { Changed(kind, inputs => inputs.Remove(name)) };
                lines.AddRange(others.Select(other => Changed(kind, inputs => inputs[name] = other?.DeepClone())));
                foreach (var length in Lengths(kind["inputs"]![name]!.GetValue<string>()))
                    lines.Add(Changed(kind, inputs => inputs[name] = inputs[name]!.GetValue<string>()[..length]));

                var answers = await AnswerAsync(lines);

                Assert.Equal(lines.Count, answers.Count);
                foreach (var (line, answer) in lines.Zip(answers))
                    AssertSound(answer, line);
            }
        }
    }

    [Fact]
    public async Task No_damage_breaks_the_command()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("PROCESSOR_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 20_000;
        await Seeds.RunAsync(Seed, async random =>
        {
            var lines = new List<string>();
            for (var round = 0; round < rounds; round++)
            {
                var line = Question(Known[random.Next(Known.Length)]).ToJsonString().ToCharArray();
                for (var times = random.Next(1, 4); times > 0; times--)
                    line[random.Next(line.Length)] = random.Next(3) == 0 ? (char)random.Next(0x20, 0x3000) : line[random.Next(line.Length)];
                lines.Add(new(line));
            }

            var answers = await AnswerAsync(lines);

            Assert.Equal(lines.Count, answers.Count);
            foreach (var (line, answer) in lines.Zip(answers))
                AssertSound(answer, line);
        });
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_answered_line_by_line_and_one_that_is_not_there_is_told()
    {
        var path = Path.Combine(folder.FullName, "bytes");
        await Seeds.RunAsync(Seed, async random =>
        {
            var bytes = new byte[10_000];
            random.NextBytes(bytes);
            await File.WriteAllBytesAsync(path, bytes);

            Assert.All(await RunAsync(path), answer => Assert.NotNull(answer["error"]));
        });

        using var error = new StringWriter(CultureInfo.InvariantCulture);
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        Assert.Equal(ExitCode.Usage, await CommandTree.RunAsync(["hsm", "vectors", Path.Combine(folder.FullName, "none")], output, error, TimeProvider.System));
        Assert.Contains("none", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    private static JsonObject Question(JsonObject line)
    {
        var question = line.DeepClone().AsObject();
        foreach (var more in question.Select(member => member.Key).Except(["id", "algorithm", "inputs"]).ToList())
            question.Remove(more);
        return question;
    }

    private static string Changed(JsonObject line, Action<JsonObject> change)
    {
        var question = Question(line);
        change(question["inputs"]!.AsObject());
        return question.ToJsonString();
    }

    private static IEnumerable<int> Lengths(string value) => Enumerable.Range(0, Math.Min(value.Length, 70)).Concat(value.Length > 70 ? [value.Length - 2, value.Length - 1] : []);

    // A result or an error and not both; and an error has nothing of what was asked but names, and the bounds of what may be.
    private static void AssertSound(JsonObject answer, string line)
    {
        Assert.True(answer.ContainsKey("id") && answer.Count == 2 && (answer.ContainsKey("result") != answer.ContainsKey("error")), line);
        if (answer["error"] is { } error)
            Assert.DoesNotMatch("[0-9A-Fa-f]{6}", error.GetValue<string>().Replace("decimal", "", StringComparison.OrdinalIgnoreCase).Replace("9223372036854775807", "", StringComparison.Ordinal));
    }

    private async Task<List<JsonObject>> AnswerAsync(IEnumerable<string> lines)
    {
        var path = Path.Combine(folder.FullName, "lines");
        await File.WriteAllTextAsync(path, string.Join('\n', lines), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return await RunAsync(path);
    }

    private static async Task<List<JsonObject>> RunAsync(string path)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = await CommandTree.RunAsync(["hsm", "vectors", path], output, error, TimeProvider.System);
        Assert.Equal((ExitCode.Done, ""), (code, error.ToString()));
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonObject>(line)!)];
    }
}
