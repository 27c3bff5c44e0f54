using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Processor.Iso8583.Tests;

public sealed class DialectTests
{
    private const string Smallest = """
        {
          "name": "smallest",
          "mti": { "encoding": "bcd" },
          "bitmap": { "encoding": "binary" },
          "elements": [
            { "de": 2, "name": "Number", "format": "n..19", "length": "bcd-2", "encoding": "bcd", "pad": "right-0" },
            { "de": 60, "name": "Private", "format": "ans...20", "length": "binary-1", "encoding": "ascii" }
          ]
        }
        """;

    [Fact]
    public void Every_dialect_file_has_golden_messages()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "specs", "iso8583");
        var files = Directory.GetFiles(folder, "*.json").Select(Path.GetFileNameWithoutExtension).Where(name => name != "dialect.schema");

        Assert.Equal(files.Order(), Golden.All.Select(golden => golden.Dialect.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Shipped_dialects_define_every_element(string name)
    {
        var dialect = Dialect.LoadNamed(name);

        for (int element = 2; element <= 128 && name != "ipm"; element++)
            Assert.NotNull(dialect[element]);
        Assert.Null(dialect[0]);
        Assert.Null(dialect[1]);
        Assert.Null(dialect[129]);
        Assert.Equal(name.StartsWith("iso93", StringComparison.Ordinal) || name == "ipm" ? 1993 : name == "iso2003" ? 2003 : 1987, dialect.Version);
    }

    [Theory]
    [InlineData("iso87-ascii", 60, 63)]
    [InlineData("iso87-binary", 60, 63)]
    [InlineData("iso87-ebcdic", 60, 63)]
    [InlineData("visa-like", 60, 0)]
    [InlineData("mastercard-like", 48, 63)]
    public void Shipped_dialects_know_partial_approval_and_the_networks_id(string name, int partial, int networkId)
    {
        var dialect = Dialect.LoadNamed(name);

        Assert.Equal(partial, dialect.PartialApproval?.DataElement);
        Assert.Equal(networkId, dialect.NetworkIdElement);
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Shipped_dialects_hide_what_must_be_hidden(string name)
    {
        var dialect = Dialect.LoadNamed(name);

        foreach (int element in new[] { 2, 35, 36, 45, 52, 55, 126 })
            Assert.NotEqual(Sensitivity.None, dialect[element]?.Sensitivity ?? Sensitivity.Secret);
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Shipped_dialects_follow_the_schema(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "specs", "iso8583");
        var schema = JsonSchema.Load(Path.Combine(folder, "dialect.schema.json"));
        using var dialect = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, name + ".json")));

        Assert.Empty(schema.Check(dialect.RootElement));
    }

    [Theory]
    [InlineData("/elements/0/colour", "\"blue\"")]
    [InlineData("/elements/0/format", "\"n..\"")]
    [InlineData("/elements/0/de", "193")]
    [InlineData("/elements/0/encoding", "\"morse\"")]
    [InlineData("/bitmap/encoding", "\"morse\"")]
    [InlineData("/name", "\"Some Name\"")]
    public void The_schema_refuses_what_the_reader_refuses(string path, string value)
    {
        string schemaFile = Path.Combine(AppContext.BaseDirectory, "specs", "iso8583", "dialect.schema.json");
        var schema = JsonSchema.Load(schemaFile);
        using var changed = JsonDocument.Parse(Changed(path, value));

        Assert.NotEmpty(schema.Check(changed.RootElement));
        Assert.Throws<DialectException>(() => Dialect.Parse(Encoding.UTF8.GetBytes(Changed(path, value))));
    }

    [Theory]
    [InlineData("/mti/encoding", "\"hex\"", "dialect: mti.encoding hex is not one of ascii, bcd, ebcdic, none.")]
    [InlineData("/mti", "null", "dialect: encoding is missing.")]
    [InlineData("/colour", "\"blue\"", "dialect: colour is no key of a dialect.")]
    [InlineData("/elements", "{}", "dialect: elements must be an array.")]
    [InlineData("/elements/1/de", "2", "dialect: DE2: de stands twice.")]
    [InlineData("/elements/1/de", "1", "dialect: DE1: de must be 2 to 128.")]
    [InlineData("/elements/1/de", "\"60\"", "dialect: de must be a whole number.")]
    [InlineData("/elements/1/name", "\"\"", "dialect: DE60: name must be a text.")]
    [InlineData("/elements/1/format", "\"ans\"", "dialect: DE60: format ans has no length.")]
    [InlineData("/elements/1/format", "\"q...20\"", "dialect: DE60: format q is not one of n, a, an, ns, ans, z, x+n, b, any.")]
    [InlineData("/elements/1/format", "\"ans20\"", "dialect: DE60: length is given, but the format is fixed.")]
    [InlineData("/elements/0/format", "\"an..19\"", "dialect: DE2: encoding bcd holds digits only, not an..19.")]
    [InlineData("/elements/0/length", "\"bcd-1\"", "dialect: DE2: length bcd-1 cannot hold the longest length.")]
    [InlineData("/elements/0/length", "\"two\"", "dialect: DE2: length two is not an encoding and a count such as bcd-2.")]
    [InlineData("/elements/1/pad", "\"left-0\"", "dialect: DE60: pad only bcd has a filler nibble.")]
    [InlineData("/elements/1/encoding", "\"binary\"", "dialect: DE60: encoding does not suit the format ans...20.")]
    [InlineData("/networkId", "{ \"de\": 63 }", "dialect: networkId.de names DE63, which is not defined.")]
    [InlineData("/verificationValue", "{ \"de\": 48 }", "dialect: verificationValue.de names DE48, which is not defined.")]
    [InlineData("/verificationValue", "{ \"de\": 60, \"part\": \"92\" }", "dialect: verificationValue.part is no part of DE60.")]
    [InlineData("/verificationValue", "{ \"de\": 60, \"tag\": \"9\" }", "dialect: verificationValue.tag must be two digits.")]
    [InlineData("/verificationValue", "{ \"de\": 60, \"position\": 21 }", "dialect: verificationValue.position must lie within DE60.")]
    [InlineData("/partialApproval", "{ \"de\": 60, \"position\": 21, \"values\": [\"1\"] }", "dialect: partialApproval.position must lie within DE60.")]
    [InlineData("/partialApproval", "{ \"de\": 60, \"position\": 2, \"values\": [\"12\"] }", "dialect: partialApproval.values must hold single ASCII characters.")]
    [InlineData("/recode", "{}", "dialect: recode is about what is inherited, and the file extends nothing.")]
    [InlineData("/elements/1/parts", "{ \"kind\": \"bitmap\", \"bitmap\": { \"bytes\": 1, \"encoding\": \"binary\" }, \"items\": [{ \"key\": \"9\" }] }", "dialect: DE60: key 9 is no bit of its bitmap: 1 to 8.")]
    public void A_wrong_dialect_is_named_by_element_and_key(string path, string value, string message)
    {
        byte[] json = Encoding.UTF8.GetBytes(Changed(path, value));

        var exception = Assert.Throws<DialectException>(() => Dialect.Parse(json));

        Assert.Equal(message, exception.Message);
    }

    [Fact]
    public void A_wrong_file_is_named_in_full()
    {
        string path = Path.Combine(Path.GetTempPath(), $"dialect-{Environment.ProcessId}.json");
        File.WriteAllText(path, "{ ]");
        try
        {
            var exception = Assert.Throws<DialectException>(() => Dialect.Load(path));
            Assert.StartsWith(path + ": not JSON:", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains(path, Assert.Throws<DialectException>(() => Dialect.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_element_that_is_not_defined_is_unknown()
    {
        var dialect = Dialect.Parse(Encoding.UTF8.GetBytes(Smallest));
        byte[] frame = Convert.FromHexString("0100" + "0000000000000008" + "00");
        var layout = new MessageLayout();

        var status = dialect.TryParse(frame, layout);

        Assert.Equal(ParseStatus.Rejected, status);
        Assert.Equal("DE61 at byte 10: not defined in this dialect", layout.Error.ToString());
    }

    [Fact]
    public void A_binary_length_counts_bytes()
    {
        var dialect = Dialect.Parse(Encoding.UTF8.GetBytes(Smallest));
        byte[] frame = Convert.FromHexString("0100" + "0000000000000010" + "03" + "414243");

        var message = Iso8583Message.Parse(dialect, frame);

        Assert.Equal("ABC", message[60]);
        Assert.Equal(frame, message.ToBytes(dialect));
    }

    [Fact]
    public void The_worked_example_of_the_documentation_holds()
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "dialects.md"));
        text = text[text.IndexOf("## A worked example", StringComparison.Ordinal)..];
        string json = Block(text, "```json\n");
        string lines = Block(text, "```text\n");
        string hex = string.Concat(lines.Split('\n').Select(line => line.Split("  ")[0].Replace(" ", "", StringComparison.Ordinal)));
        var dialect = Dialect.Parse(Encoding.UTF8.GetBytes(json));

        var message = Iso8583Message.Parse(dialect, Convert.FromHexString(hex));

        Assert.Equal("601100099013942", message[2]);
        Assert.Equal("000000001050", message[4]);
        Assert.Equal("051", message[22]);
        Assert.Equal("T1      ", message[41]);
        Assert.Equal(hex, Convert.ToHexString(message.ToBytes(dialect)));
    }

    private static string Block(string text, string start)
    {
        int first = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[first..text.IndexOf("```", first, StringComparison.Ordinal)];
    }

    private static string Changed(string path, string value)
    {
        JsonNode node = JsonNode.Parse(Smallest)!;
        string[] steps = path[1..].Split('/');
        var parent = node;
        foreach (string step in steps[..^1])
            parent = parent is JsonArray array ? array[int.Parse(step)]! : parent[step]!;
        parent[steps[^1]] = JsonNode.Parse(value);
        return node.ToJsonString();
    }
}
