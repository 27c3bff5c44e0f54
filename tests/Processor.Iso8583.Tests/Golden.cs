using System.Text.Json;

namespace Processor.Iso8583.Tests;

/// <summary>The golden messages of a dialect, as <c>specs/iso8583/golden</c> has them.</summary>
internal sealed class Golden
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private Golden(string name)
    {
        Dialect = Dialect.LoadNamed(name);
        string path = Path.Combine(AppContext.BaseDirectory, "specs", "iso8583", "golden", name + ".json");
        var file = JsonSerializer.Deserialize<GoldenFile>(File.ReadAllBytes(path), Options)!;
        Valid = file.Valid;
        Malformed = file.Malformed;
    }

    public static Golden Ascii { get; } = new("iso87-ascii");

    public static Golden Binary { get; } = new("iso87-binary");

    public static IReadOnlyList<Golden> All => [Ascii, Binary];

    public static TheoryData<string> Names => ["iso87-ascii", "iso87-binary"];

    public Dialect Dialect { get; }

    public IReadOnlyList<ValidMessage> Valid { get; }

    public IReadOnlyList<MalformedMessage> Malformed { get; }

    public static Golden Of(string name) => All.Single(golden => golden.Dialect.Name == name);

    public byte[] Frame(string id) => Valid.Single(message => message.Id == id).Frame;

    private sealed record GoldenFile(List<ValidMessage> Valid, List<MalformedMessage> Malformed);
}

internal sealed record ValidMessage(string Id, string Mti, Dictionary<int, string> Fields, string Hex)
{
    public byte[] Frame => Convert.FromHexString(Hex);
}

internal sealed record MalformedMessage(string Id, string Error, int Field, int Offset, string Hex)
{
    public byte[] Frame => Convert.FromHexString(Hex);
}
