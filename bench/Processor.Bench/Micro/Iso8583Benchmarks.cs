using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Processor.Iso8583;

namespace Processor.Bench;

/// <summary>
/// A chip purchase of 21 elements, found in place and answered with 13 of its elements, DE38, 39 and 55, beside parsers
/// and builders written by hand for exactly this message. The aims: parse at most 3 times, parse and reply at most 2.5
/// times the one by hand, and no allocation.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class Iso8583Benchmarks
{
    private static readonly ElementSet EchoedBefore38 = ElementSet.Of(2, 3, 4, 7, 11, 12, 13, 24, 32, 37);
    private static readonly ElementSet EchoedBehind39 = ElementSet.Of(41, 42, 49);

    private readonly Dialect _ascii = Dialect.LoadNamed("iso87-ascii");
    private readonly Dialect _binary = Dialect.LoadNamed("iso87-binary");
    private readonly MessageLayout _layout = new();
    private readonly byte[] _reply = new byte[1024];
    private byte[] _asciiFrame = [];
    private byte[] _binaryFrame = [];

    private static ReadOnlySpan<byte> Icc => [0x91, 0x0A, 1, 2, 3, 4, 5, 6, 7, 8, 0x30, 0x30];

    [GlobalSetup]
    public void Setup()
    {
        var message = BenchMessages.Purchase();
        message[24] = "003";
        _asciiFrame = message.ToBytes(_ascii);
        _binaryFrame = message.ToBytes(_binary);
        if (!HandWritten() || ParseAscii() != ParseStatus.Parsed || ParseBinary() != ParseStatus.Parsed || !HandWrittenBinary())
            throw new InvalidOperationException("The message cannot be read.");
        CheckSame(HandWrittenAndReply, ParseAndReplyAscii);
        CheckSame(HandWrittenBinaryAndReply, ParseAndReplyBinary);
    }

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("parse ASCII")]
    public bool HandWritten()
    {
        HandWrittenParser.Places places = default;
        return HandWrittenParser.TryParse(_asciiFrame, out _, ref places);
    }

    [Benchmark]
    [BenchmarkCategory("parse ASCII")]
    public ParseStatus ParseAscii() => _ascii.TryParse(_asciiFrame, _layout);

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("parse binary")]
    public bool HandWrittenBinary()
    {
        HandWrittenParser.Places places = default;
        return HandWrittenBinaryParser.TryParse(_binaryFrame, out _, ref places);
    }

    [Benchmark]
    [BenchmarkCategory("parse binary")]
    public ParseStatus ParseBinary() => _binary.TryParse(_binaryFrame, _layout);

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("reply ASCII")]
    public int HandWrittenAndReply()
    {
        HandWrittenParser.Places places = default;
        return HandWrittenParser.TryParse(_asciiFrame, out _, ref places)
            ? HandWrittenReply.Ascii(_asciiFrame, ref places, Icc, _reply)
            : 0;
    }

    [Benchmark]
    [BenchmarkCategory("reply ASCII")]
    public int ParseAndReplyAscii() => Reply(_ascii, _asciiFrame);

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("reply binary")]
    public int HandWrittenBinaryAndReply()
    {
        HandWrittenParser.Places places = default;
        return HandWrittenBinaryParser.TryParse(_binaryFrame, out _, ref places)
            ? HandWrittenReply.Binary(_binaryFrame, ref places, Icc, _reply)
            : 0;
    }

    [Benchmark]
    [BenchmarkCategory("reply binary")]
    public int ParseAndReplyBinary() => Reply(_binary, _binaryFrame);

    private int Reply(Dialect dialect, byte[] frame)
    {
        dialect.TryParse(frame, _layout);
        var view = new MessageView(frame, _layout);
        var writer = new MessageWriter(_reply, dialect);
        writer.BeginReply(in view);
        writer.CopyFrom(in view, in EchoedBefore38);
        writer.SetText(38, "A1B2C3"u8);
        writer.SetText(39, "00"u8);
        writer.CopyFrom(in view, in EchoedBehind39);
        writer.SetBinary(55, Icc);
        return writer.TryFinish(out int length) ? length : throw new InvalidOperationException("The reply does not fit.");
    }

    private void CheckSame(Func<int> one, Func<int> other)
    {
        byte[] first = _reply.AsSpan(0, one()).ToArray();
        if (!_reply.AsSpan(0, other()).SequenceEqual(first))
            throw new InvalidOperationException("The two replies differ.");
    }
}
