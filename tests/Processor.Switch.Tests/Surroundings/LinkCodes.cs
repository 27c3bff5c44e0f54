using Processor.Iso8583;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>The network's side of authentication codes: it makes them for what it sends and looks at those of the answers, by a module of its own.</summary>
internal sealed class LinkCodes(IHsm hsm, Dialect dialect)
{
    public string Key { get; set; } = DemoKeys.ZoneMacs;

    public MacAlgorithm Algorithm { get; set; } = MacAlgorithm.Iso9797Alg3;

    public MacPadding Padding { get; set; } = MacPadding.Method1;

    public int Length { get; set; } = dialect.MacLength;

    public bool CoversHeader { get; set; }

    /// <summary>The message with its code in DE 64 or DE 128, as bytes.</summary>
    public async Task<byte[]> SealAsync(Iso8583Message message)
    {
        var element = Enumerable.Range(65, 63).Any(other => message[other] is not null) ? 128 : 64;
        message[element] = new string('0', 2 * dialect.MacLength);
        var bytes = message.ToBytes(dialect);
        var code = new byte[Length];
        Assert.Equal(HsmStatus.Ok, await hsm.GenerateMacAsync(RequestOf(bytes), code, CancellationToken.None));
        message[element] = Convert.ToHexString(code).PadRight(2 * dialect.MacLength, '0');
        return message.ToBytes(dialect);
    }

    /// <summary>What the code of a message is worth.</summary>
    public async Task<HsmStatus> CheckAsync(byte[] message)
    {
        var code = new byte[32];
        var layout = new MessageLayout();
        Assert.Equal(ParseStatus.Parsed, dialect.TryParse(message, layout));
        var element = layout.Has(128) ? 128 : 64;
        Assert.True(new MessageView(message, layout).TryGetBinary(element, code, out var length));
        Assert.Equal(dialect.MacLength, length);
        Assert.All(code[Length..length], rest => Assert.Equal(0, rest));
        return await hsm.VerifyMacAsync(RequestOf(message), code.AsMemory(0, Length), CancellationToken.None);
    }

    // The code's element is the last, so what it covers is the message without its end.
    private MacRequest RequestOf(byte[] message)
    {
        var layout = new MessageLayout();
        Assert.Equal(ParseStatus.Parsed, dialect.TryParse(message, layout));
        var element = layout.Has(128) ? 128 : 64;
        var start = CoversHeader ? 0 : layout.HeaderLength;
        return new() { Key = new(Key), Algorithm = Algorithm, Padding = Padding, Data = message.AsMemory(start..layout.OffsetOf(element)) };
    }
}
