using System.Globalization;
using System.Text.Json.Nodes;
using Processor.Testing;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>One line of specs/crypto/known-answers.jsonl. A case is named by its line's identifier and nothing else.</summary>
internal sealed class KnownLine(string id)
{
    internal static readonly IReadOnlyDictionary<string, JsonNode> All =
        File.ReadLines(RepositoryRoot.Path("specs", "crypto", "known-answers.jsonl")).Select(line => JsonNode.Parse(line)!).ToDictionary(line => line["id"]!.GetValue<string>());

    private readonly JsonNode inputs = All[id]["inputs"]!;

    internal string Id => id;

    internal string Algorithm { get; } = AlgorithmOf(All[id]);

    internal string Expected => All[id]["expected"]!.GetValue<string>();

    internal byte[] ExpectedBytes => Convert.FromHexString(Expected);

    internal static TheoryData<string> Of(string algorithm) => [.. All.Where(line => AlgorithmOf(line.Value) == algorithm).Select(line => line.Key)];

    internal static IEnumerable<KnownLine> Every() => All.Keys.Select(id => new KnownLine(id));

    internal static string AlgorithmOf(JsonNode line) => line["algorithm"]!.GetValue<string>();

    internal bool Has(string name) => inputs[name] is not null;

    internal string Text(string name) => inputs[name]!.GetValue<string>();

    internal string Text(string name, string otherwise) => Has(name) ? Text(name) : otherwise;

    internal byte[] Bytes(string name) => Convert.FromHexString(Text(name));

    internal ushort Decimal(string name) => ushort.Parse(Text(name), CultureInfo.InvariantCulture);

    internal ulong Hex64(string name) => ulong.Parse(Text(name), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
