using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Ledger;

namespace Processor.Switch.Tests;

/// <summary>A switchboard with one endpoint, a ledger that the test steps, and connections over pipes: no socket, no clock of its own.</summary>
internal sealed class SwitchUnderTest : IDisposable
{
    private static readonly ProgramProfile Program = new()
    {
        Number = 7,
        Id = new Ulid(7),
        Name = "Test",
        TimeZone = "Europe/Berlin",
        BinRanges = [new(Low: 476173, High: 476173, Digits: 6, PanLength: 16)],
    };

    private readonly ProgramDirectory programs = new();

    public SwitchUnderTest(Action<EndpointSettings>? configure = null, TimeProvider? clock = null, MessageCodes? codes = null, ICardRecords? records = null)
    {
        var settings = new EndpointSettings { Name = "test" };
        configure?.Invoke(settings);
        programs.Replace([Program]);
        Cards.Add(PanOf(Messages.Pan));
        Board = new(new SwitchSettings { Endpoints = [settings] }, Ledger, Cards, new PlainHasher(), programs, clock ?? Clock, Metrics, Log, codes: codes, records: records);
    }

    public Switchboard Board { get; }

    public Endpoint Endpoint => Board.Endpoints[0];

    public SteppedLedger Ledger { get; } = new();

    public CardList Cards { get; } = new();

    public TestClock Clock { get; } = new();

    public CapturedLog Log { get; } = new();

    public SwitchMetrics Metrics { get; } = new();

    public static Pan PanOf(string digits) =>
        Pan.TryFromDigits(System.Text.Encoding.ASCII.GetBytes(digits), out var pan) ? pan : throw new FormatException("No PAN.");

    public void AnswersVerificationWith85(bool answers) => programs.Replace([Program with { AnswersVerificationWith85 = answers }]);

    /// <summary>Connects over a pair of pipes.</summary>
    public PipeLine Open(PipeOptions? input = null, PipeOptions? output = null)
    {
        var inward = new Pipe(input ?? PipeOptions.Default);
        var outward = new Pipe(output ?? PipeOptions.Default);
        var line = new PipeLine(new Peer(outward.Reader, inward.Writer, Endpoint.Dialect, Endpoint.Framing));
        var context = new DefaultConnectionContext("line", new Duplex(inward.Reader, outward.Writer), new Duplex(outward.Reader, inward.Writer));
        context.Features.Set<IConnectionLifetimeNotificationFeature>(line);
        line.Served = ServeAsync(context);
        return line;
    }

    public void Dispose()
    {
        Board.Dispose();
        Metrics.Dispose();
    }

    /// <summary>As Kestrel does: what was served is closed.</summary>
    private async Task ServeAsync(DefaultConnectionContext context)
    {
        await new SwitchConnectionHandler(Board, Endpoint).OnConnectedAsync(context);
        await context.Transport.Input.CompleteAsync();
        await context.Transport.Output.CompleteAsync();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
