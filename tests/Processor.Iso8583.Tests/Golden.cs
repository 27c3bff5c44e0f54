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

    /// <summary>Every dialect that ships.</summary>
    public static IReadOnlyList<Golden> All { get; } = [Ascii, Binary, .. OtherNames.Select(name => new Golden(name))];

    /// <summary>The two that write ISO 8583:1987 alike but for the encoding.</summary>
    public static IReadOnlyList<Golden> Plain { get; } = [Ascii, Binary];

    public static TheoryData<string> PlainNames => ["iso87-ascii", "iso87-binary"];

    public static TheoryData<string> Names => [.. All.Select(golden => golden.Dialect.Name)];

    private static IReadOnlyList<string> OtherNames =>
    [
        "iso87-ebcdic", "iso93-ascii", "iso93-binary", "iso93-ebcdic", "iso2003", "visa-like", "mastercard-like", "ipm",
    ];

    public Dialect Dialect { get; }

    public IReadOnlyList<ValidMessage> Valid { get; }

    public IReadOnlyList<MalformedMessage> Malformed { get; }

    public static Golden Of(string name) => All.Single(golden => golden.Dialect.Name == name);

    public byte[] Frame(string id) => Valid.Single(message => message.Id == id).Frame;

    private sealed record GoldenFile(List<ValidMessage> Valid, List<MalformedMessage> Malformed);
}

internal sealed record ValidMessage(string Id, string Mti, Dictionary<int, string> Fields, string Hex, string Header = "")
{
    public byte[] Frame => Convert.FromHexString(Hex);
}

internal sealed record MalformedMessage(string Id, string Error, int Field, int Offset, string Hex)
{
    public byte[] Frame => Convert.FromHexString(Hex);
}
