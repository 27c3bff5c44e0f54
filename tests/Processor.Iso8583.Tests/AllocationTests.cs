namespace Processor.Iso8583.Tests;

public sealed class AllocationTests
{
    private const int Runs = 10_000;

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Parsing_allocates_nothing(string name)
    {
        var golden = Golden.Of(name);
        byte[] frame = golden.Frame("house-purchase-chip");
        byte[] broken = frame[..^1];
        var layout = new MessageLayout();

        Assert.Equal(0, BytesAllocated(() =>
        {
            golden.Dialect.TryParse(frame, layout);
            golden.Dialect.TryParse(broken, layout);
        }));
    }

    [Theory]
    [MemberData(nameof(Golden.PlainNames), MemberType = typeof(Golden))]
    public void Reading_and_building_a_reply_allocates_nothing(string name)
    {
        var golden = Golden.Of(name);
        byte[] frame = golden.Frame("house-purchase-chip");
        var layout = new MessageLayout();
        byte[] reply = new byte[1024];
        int length = 0;

        long bytes = BytesAllocated(() => length = Reply(golden.Dialect, frame, layout, reply));

        Assert.Equal(0, bytes);
        Assert.Equal("000000001050", Iso8583Message.Parse(golden.Dialect, reply.AsSpan(0, length))[4]);
    }

    private static int Reply(Dialect dialect, byte[] frame, MessageLayout layout, byte[] reply)
    {
        dialect.TryParse(frame, layout);
        var view = new MessageView(frame, layout);
        Span<byte> text = stackalloc byte[64];
        view.TryGetDigits(2, text, out _);
        view.TryGetText(35, text, out _);
        view.TryGetTrimmedText(41, text, out _);
        view.TryGetBinary(52, text, out _);
        view.TryGetNetworkId(text, out _);
        view.TryGetNumber(4, out ulong amount);
        var writer = new MessageWriter(reply, dialect);
        writer.Begin(view.Mti.ToResponse());
        writer.CopyFrom(in view, 2);
        writer.CopyFrom(in view, 3);
        writer.SetNumber(4, amount);
        writer.CopyFrom(in view, 11);
        writer.SetText(39, view.SupportsPartialApproval() ? "10"u8 : "00"u8);
        writer.SetText(38, "A1B2C3"u8);
        writer.SetDigits(70, "301"u8);
        writer.SetBinary(55, [0x91, 0x00]);
        writer.TryFinish(out int length);
        return length;
    }

    private static long BytesAllocated(Action action) => Allocation.LeastBytes(() =>
    {
        for (int run = 0; run < Runs; run++)
            action();
    });
}
