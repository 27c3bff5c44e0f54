using System.CommandLine;
using System.Globalization;
using Processor.Cli.Network;
using Processor.Iso8583;

namespace Processor.Cli.Commands;

/// <summary>The options that say where an issuer listens and how it speaks.</summary>
internal sealed class EndpointOptions
{
    private const int AsciiPort = 8583;
    private const int BinaryPort = 8584;
    private const int SealedPort = 8586;
    private const string PortOffsetVariable = "PROCESSOR_PORT_OFFSET";

    private readonly Option<string> host = new("--host", "-H")
    {
        Description = "Name or address of the issuer.",
        HelpName = "name",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private readonly Option<int?> port = new("--port", "-p")
    {
        Description = $"TCP port. Without it the demo endpoint of the dialect: {AsciiPort} for iso87-ascii, {BinaryPort} for "
            + $"iso87-binary, plus {PortOffsetVariable}.",
        HelpName = "port",
    };

    private readonly Option<bool> isSealed = new("--mac")
    {
        Description = "Put an authentication code (DE 64, DE 128) under the demo's key into each message that has none, and look at those of the answers. "
            + $"Without --port this is the demo's endpoint {SealedPort}, of iso87-ascii.",
    };

    /// <summary>Adds the options to a command.</summary>
    public EndpointOptions(Command command)
    {
        command.Add(host);
        command.Add(port);
        command.Add(isSealed);
        Format = new MessageFormatOptions(command, isFrameGiven: true);
    }

    /// <summary>How messages are written.</summary>
    public MessageFormatOptions Format { get; }

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">The framing or the port offset is wrong, or the dialect has no demo endpoint.</exception>
    /// <exception cref="DialectException">There is no such dialect, or it is wrong.</exception>
    public Endpoint Read(ParseResult parsed)
    {
        var dialect = Format.ReadDialect(parsed);
        bool seals = parsed.GetValue(isSealed);
        return new(parsed.GetRequiredValue(host), parsed.GetValue(port) ?? DemoPort(dialect, seals), dialect, Format.ReadFraming(parsed)!.Value)
        {
            Seal = seals ? new MessageSeal() : null,
        };
    }

    /// <summary>The demo's endpoint with authentication codes, beside one of the demo without them; null for any other.</summary>
    public Endpoint? ReadSealedDemo(ParseResult parsed, Endpoint endpoint) =>
        endpoint.Seal is null && parsed.GetValue(port) is null && endpoint.Dialect.Name == "iso87-ascii"
            ? endpoint with { Port = DemoPort(endpoint.Dialect, isSealed: true), Seal = new MessageSeal() }
            : null;

    private static int DemoPort(Dialect dialect, bool isSealed)
    {
        int demo = dialect.Name switch
        {
            "iso87-ascii" => isSealed ? SealedPort : AsciiPort,
            "iso87-binary" when !isSealed => BinaryPort,
            _ => throw new UsageException($"Dialect {dialect.Name} has no demo endpoint: say --port."),
        };
        string? offset = Environment.GetEnvironmentVariable(PortOffsetVariable);
        if (string.IsNullOrEmpty(offset))
            return demo;
        return int.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && demo + value <= ushort.MaxValue
            ? demo + value
            : throw new UsageException($"{PortOffsetVariable} is {offset}, which is no offset of a port.");
    }
}
