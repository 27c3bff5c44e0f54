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

    /// <summary>Adds the options to a command.</summary>
    public EndpointOptions(Command command)
    {
        command.Add(host);
        command.Add(port);
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
        return new(parsed.GetRequiredValue(host), parsed.GetValue(port) ?? DemoPort(dialect), dialect, Format.ReadFraming(parsed)!.Value);
    }

    private static int DemoPort(Dialect dialect)
    {
        int demo = dialect.Name switch
        {
            "iso87-ascii" => AsciiPort,
            "iso87-binary" => BinaryPort,
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
