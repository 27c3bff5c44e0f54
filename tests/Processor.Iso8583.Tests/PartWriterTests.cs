using System.Text.Json;
using System.Text.Json.Nodes;
using Processor.Iso8583.Vectors;

namespace Processor.Iso8583.Tests;

public sealed class PartWriterTests
{
    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Parts_of_golden_messages_are_put_together_again(string name)
    {
        var golden = Golden.Of(name);
        foreach (var message in golden.Valid)
            AssertSame(message.Id, golden.Dialect, message.Frame);
    }

    [Fact]
    public void Parts_of_every_vector_are_put_together_again()
    {
        int elements = 0;
        string folder = Path.Combine(AppContext.BaseDirectory, "specs", "iso8583", "golden");
        foreach (string line in new[] { "messages.jsonl", "made.jsonl" }.SelectMany(name => File.ReadLines(Path.Combine(folder, name))))
        {
            var vector = JsonNode.Parse(line)!;
            // Bytes 00 between objects are read over and are no part, and a length longer than it need be becomes short.
            if (vector["kind"]!.GetValue<string>() != "valid" || vector["id"]!.GetValue<string>() is "de55-zero-then-tag" or "made-ber-4")
                continue;
            using var dialect = JsonDocument.Parse(vector["dialect"]!.ToJsonString());
            elements += AssertSame(vector["id"]!.GetValue<string>(), VectorDialect.Read(dialect.RootElement), Convert.FromHexString(vector["hex"]!.GetValue<string>()));
        }

        Assert.True(elements > 10, $"Only {elements} elements have parts.");
    }

    [Fact]
    public void Putting_parts_together_allocates_nothing()
    {
        var dialect = Dialect.Parse("""
            { "name": "x", "mti": { "encoding": "ascii" }, "bitmap": { "encoding": "binary" }, "elements": [
              { "de": 48, "name": "x", "format": "b...999", "length": "bcd-3", "encoding": "binary", "parts": { "kind": "bitmap", "bitmap": { "bytes": 2, "encoding": "binary" }, "items": [
                { "key": "3", "name": "y", "format": "ans4", "encoding": "ebcdic-500" },
                { "key": "7", "name": "z", "format": "b..99", "length": "ascii-2", "encoding": "binary", "parts": { "kind": "ber-tlv" } } ] } } ] }
            """u8);
        byte[] buffer = new byte[256];
        int length = Write(dialect, buffer);

        long bytes = Allocation.LeastBytes(() =>
        {
            for (int run = 0; run < 1000; run++)
                Write(dialect, buffer);
        });

        Assert.Equal(0, bytes);
        Assert.Equal("0800" + "0000000000010000" + "0015" + "2200" + "C1C24040" + "3037" + "9F3602000182" + "00", AsText(buffer.AsSpan(0, length)));
    }

    [Fact]
    public void A_part_that_does_not_suit_is_a_status()
    {
        var dialect = Dialect.Parse("""
            { "name": "x", "mti": { "encoding": "ascii" }, "bitmap": { "encoding": "binary" }, "elements": [
              { "de": 3, "name": "x", "format": "n6", "encoding": "ascii", "parts": { "kind": "positional", "items": [
                { "key": "type", "name": "x", "format": "n2", "encoding": "ascii" },
                { "key": "from", "name": "x", "format": "n4", "encoding": "ascii" } ] } } ] }
            """u8);

        Assert.Equal(WriteStatus.MissingPart, StatusOf(dialect, "from", "1"));
        Assert.Equal(WriteStatus.MissingPart, StatusOf(dialect, "type", "01"));
        Assert.Equal(WriteStatus.TooLong, StatusOf(dialect, "type", "012"));
        Assert.Equal(WriteStatus.BadCharacter, StatusOf(dialect, "type", "0A"));
    }

    private static WriteStatus StatusOf(Dialect dialect, string key, string value)
    {
        var parts = new PartWriter(new byte[16], dialect, 3);
        parts.SetText(key, System.Text.Encoding.ASCII.GetBytes(value));
        var writer = new MessageWriter(new byte[64], dialect);
        writer.Begin(new Mti(0x0800));
        writer.SetParts(parts);
        Assert.False(writer.TryFinish(out _));
        return writer.Status;
    }

    private static int Write(Dialect dialect, byte[] buffer)
    {
        Span<byte> room = stackalloc byte[64];
        Span<byte> inner = stackalloc byte[32];
        var writer = new MessageWriter(buffer, dialect);
        writer.Begin(new Mti(0x0800));
        var parts = new PartWriter(room, dialect, 48);
        parts.SetText("3", "AB"u8);
        var objects = new PartWriter(inner, parts, "7");
        objects.SetBinary(0x9F36, [0, 1]);
        objects.SetBinary("82", []);
        parts.SetParts("7", objects);
        writer.SetParts(parts);
        Assert.True(writer.TryFinish(out int length));
        return length;
    }

    private static string AsText(ReadOnlySpan<byte> frame) => System.Text.Encoding.ASCII.GetString(frame[..4]) + Convert.ToHexString(frame[4..]);

    private static int AssertSame(string id, Dialect dialect, byte[] frame)
    {
        var layout = new MessageLayout();
        Assert.Equal(ParseStatus.Parsed, dialect.TryParse(frame, layout));
        var view = new MessageView(frame, layout);
        int elements = 0;
        for (int element = view.Next(0); element != 0; element = view.Next(element))
        {
            var parts = Iso8583Part.Read(in view, element);
            if (parts.Count == 0)
                continue;
            elements++;
            var message = Iso8583Message.From(in view);
            message.SetParts(element, parts);
            Assert.True(frame.AsSpan().SequenceEqual(message.ToBytes(dialect)), $"{id} DE{element} became {Convert.ToHexString(message.ToBytes(dialect))} from {Convert.ToHexString(frame)}");
        }

        return elements;
    }
}
