using BenchmarkDotNet.Attributes;
using Processor.Iso8583;

namespace Processor.Bench;

/// <summary>A chip purchase of 20 elements: found in place, and answered.</summary>
[MemoryDiagnoser]
public class Iso8583Benchmarks
{
    private readonly Dialect _ascii = Dialect.LoadNamed("iso87-ascii");
    private readonly Dialect _binary = Dialect.LoadNamed("iso87-binary");
    private readonly MessageLayout _layout = new();
    private readonly byte[] _reply = new byte[1024];
    private byte[] _asciiFrame = [];
    private byte[] _binaryFrame = [];

    [GlobalSetup]
    public void Setup()
    {
        var message = BenchMessages.Purchase();
        _asciiFrame = message.ToBytes(_ascii);
        _binaryFrame = message.ToBytes(_binary);
        if (!HandWritten() || ParseAscii() != ParseStatus.Parsed || ParseBinary() != ParseStatus.Parsed)
            throw new InvalidOperationException("The message cannot be read.");
    }

    [Benchmark(Baseline = true)]
    public bool HandWritten()
    {
        HandWrittenParser.Places places = default;
        return HandWrittenParser.TryParse(_asciiFrame, out _, ref places);
    }

    [Benchmark]
    public ParseStatus ParseAscii() => _ascii.TryParse(_asciiFrame, _layout);

    [Benchmark]
    public ParseStatus ParseBinary() => _binary.TryParse(_binaryFrame, _layout);

    [Benchmark]
    public int ParseAndReplyAscii() => Reply(_ascii, _asciiFrame);

    [Benchmark]
    public int ParseAndReplyBinary() => Reply(_binary, _binaryFrame);

    private int Reply(Dialect dialect, byte[] frame)
    {
        dialect.TryParse(frame, _layout);
        var view = new MessageView(frame, _layout);
        var writer = new MessageWriter(_reply, dialect);
        writer.Begin(view.Mti.ToResponse());
        writer.CopyFrom(in view, 2);
        writer.CopyFrom(in view, 3);
        writer.CopyFrom(in view, 4);
        writer.CopyFrom(in view, 7);
        writer.CopyFrom(in view, 11);
        writer.CopyFrom(in view, 32);
        writer.CopyFrom(in view, 37);
        writer.SetText(38, "A1B2C3"u8);
        writer.SetText(39, "00"u8);
        writer.CopyFrom(in view, 41);
        writer.CopyFrom(in view, 49);
        return writer.TryFinish(out int length) ? length : throw new InvalidOperationException("The reply does not fit.");
    }
}
