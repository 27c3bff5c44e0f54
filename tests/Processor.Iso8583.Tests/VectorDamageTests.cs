using System.Text.Json.Nodes;
using Processor.Iso8583.Vectors;

namespace Processor.Iso8583.Tests;

/// <summary>The vectors' dialects use every word of the dialect language; damage must find no hole in any.</summary>
public sealed class VectorDamageTests
{
    private const int MutationsEach = 400;

    [Fact]
    public void Every_truncation_of_a_vector_is_an_error()
    {
        foreach (var (id, dialect, frame) in Vectors())
        {
            var layout = new MessageLayout();
            for (int length = 0; length < frame.Length; length++)
            {
                Assert.True(dialect.TryParse(frame.AsSpan(0, length), layout) == ParseStatus.Rejected, $"{id} cut at {length}");
                Assert.InRange(layout.Error.Offset, 0, length);
                Assert.NotEmpty(layout.Error.ToString());
            }
        }
    }

    [Fact]
    public void What_damage_leaves_readable_is_written_back_the_same()
    {
        var random = new Random(Seed.Value);
        foreach (var (id, dialect, frame) in Vectors())
        {
            for (int run = 0; run < MutationsEach; run++)
            {
                byte[] damaged = [.. frame];
                for (int count = random.Next(1, 4); count > 0; count--)
                    damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)random.Next('0', '9' + 1);
                string hex = Convert.ToHexString(damaged);
                var layout = new MessageLayout();
                if (dialect.TryParse(damaged, layout) != ParseStatus.Parsed)
                    continue;

                byte[] written = Iso8583Message.From(new MessageView(damaged, layout)).ToBytes(dialect);

                Assert.True(IsSame(damaged, written, dialect), $"SEED={Seed.Value} {id} {hex} became {Convert.ToHexString(written)}");
            }
        }
    }

    // A dialect writes one case of hexadecimal text and one filler where it reads two.
    private static bool IsSame(byte[] read, byte[] written, Dialect dialect)
    {
        if (read.AsSpan().SequenceEqual(written))
            return true;
        var layout = new MessageLayout();
        if (read.Length != written.Length || dialect.TryParse(written, layout) != ParseStatus.Parsed)
            return false;
        string again = Iso8583Message.From(new MessageView(written, layout)).ToString();
        dialect.TryParse(read, layout);
        return again == Iso8583Message.From(new MessageView(read, layout)).ToString();
    }

    private static IEnumerable<(string Id, Dialect Dialect, byte[] Frame)> Vectors()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "specs", "iso8583", "golden", "messages.jsonl");
        foreach (string line in File.ReadLines(path))
        {
            var vector = JsonNode.Parse(line)!;
            if (vector["kind"]!.GetValue<string>() != "valid")
                continue;
            using var dialect = System.Text.Json.JsonDocument.Parse(vector["dialect"]!.ToJsonString());
            yield return (
                vector["id"]!.GetValue<string>(),
                VectorDialect.Read(dialect.RootElement),
                Convert.FromHexString(vector["hex"]!.GetValue<string>()));
        }
    }
}
