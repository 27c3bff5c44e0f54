using System.Buffers;
using System.Text.Json;

namespace Processor.Iso8583.Tests;

/// <summary>The frames of <c>specs/iso8583/golden/frames.json</c>, read and written as other implementations do.</summary>
public sealed class FrameVectorTests
{
    private static readonly JsonElement Records =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "specs", "iso8583", "golden", "frames.json"))).RootElement;

    // record -> our name
    public static TheoryData<string, string> Frames => new()
    {
        { "binary-2-be", "binary-2" },
        { "binary-2-be-inclusive", "binary-2+inclusive" },
        { "binary-2-be-tpdu", "binary-2+tpdu" },
        { "binary-2-be-zero2", "vap" },
        { "zero2-binary-2-be", "zero-2-binary-2" },
        { "binary-3-be", "binary-3" },
        { "binary-4-be", "binary-4" },
        { "ascii-4", "ascii-4" },
        { "hex-ascii-4", "hex-4" },
        { "bcd-2", "bcd-2" },
        { "binary-2-be-etx", "binary-2+etx" },
        { "etx-delimited", "none+etx" },
        { "rbp", "rbp" },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_of_others_is_read_wherever_it_is_cut_and_written_again(string id, string name)
    {
        var record = Records.EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        byte[] framed = Convert.FromHexString(record.GetProperty("example_hex").GetString()!);
        byte[] body = Convert.FromHexString(record.GetProperty("example_body_hex").GetString()!);
        var framing = Framing.Parse(name);

        for (int first = 0; first <= framed.Length; first++)
        {
            var buffer = Segments.SplitAt(framed, first);
            Assert.Equal(FrameStatus.Frame, FrameReader.TryRead(ref buffer, framing, out var frame, out var envelope));
            Assert.Equal(body, frame.ToArray());
            Assert.True(buffer.IsEmpty);
            byte[] again = new byte[framed.Length];
            body.CopyTo(again, framing.HeaderLength);
            Assert.True(FrameWriter.TryWrite(again, framing, body.Length, envelope, out int length));
            Assert.Equal(framed, again[..length]);
        }
    }

    [Fact]
    public void Every_record_has_its_test() =>
        Assert.Equal(Records.EnumerateArray().Select(one => one.GetProperty("id").GetString()), Frames.Select(row => (string?)row[0]));
}
