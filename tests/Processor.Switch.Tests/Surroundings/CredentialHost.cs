using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Security;
using Processor.Testing;

namespace Processor.Switch.Tests;

/// <summary>The switch on a real socket, with the real decisions over an account in memory and the software module with the demo's keys.</summary>
internal sealed class CredentialHost : IAsyncDisposable
{
    private readonly SwitchMetrics metrics = new();
    private readonly Switchboard board;
    private readonly WebApplication application;
    private readonly int port = FreePorts.Take();

    private CredentialHost(IHsm? hsm, string dialect, CardOptions options, long posted, Action<EndpointSettings>? configure, CredentialProfile? credentials, DemoCard? card, string pan, IKeyCustody? custody)
    {
        Programs.Replace([Program with { Credentials = credentials ?? Program.Credentials }]);
        var cards = new CardList();
        Card = card ?? new DemoCard(SwitchUnderTest.PanOf(pan));
        Ledger = new MemoryLedger(Programs, TimeProvider.System);
        AccountId = cards.Add(SwitchUnderTest.PanOf(pan)).AccountId;
        Ledger.Open(AccountId, cardOrdinal: 3, posted, options);
        var endpoint = new EndpointSettings { Name = "test", Port = port, Dialect = dialect, PinKey = DemoKeys.ZonePins, ZoneMasterKey = DemoKeys.ZoneMaster };
        configure?.Invoke(endpoint);
        var settings = new SwitchSettings { Endpoints = [endpoint] };
        var check = hsm is null ? null : new CredentialCheck(hsm, Scripts);
        board = new(settings, Ledger, cards, new PlainHasher(), Programs, TimeProvider.System, metrics, NullLogger<Switchboard>.Instance, check, new ZoneKeyExchange(custody ?? (hsm as SoftwareHsm)?.Keys), hsm is null ? null : new MessageCodes(hsm));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenSwitch(board));
        application = builder.Build();
    }

    /// <summary>What the program checks: everything.</summary>
    public static ProgramProfile Program { get; } = new()
    {
        Number = 7,
        Id = new Ulid(7),
        Name = "Test",
        TimeZone = "Europe/Berlin",
        BinRanges = [new(Low: 476173, High: 476173, Digits: 6, PanLength: 16), new(Low: 476173, High: 476173, Digits: 6, PanLength: 19)],
        Credentials = new CredentialProfile
        {
            ValueKey = DemoKeys.CardValues,
            TrackKey = DemoKeys.CardValues,
            CryptogramKey = DemoKeys.Cryptograms,
            PinKey = DemoKeys.Pins,
            IntegrityKey = DemoKeys.Integrity,
            ServiceCode = DemoCard.ServiceCode,
        },
    };

    /// <summary>The card, and who knows its PIN.</summary>
    public DemoCard Card { get; }

    public Peer Peer { get; private set; } = null!;

    public SwitchMetrics Metrics => metrics;

    /// <summary>Commands that wait for chips.</summary>
    public ScriptDirectory Scripts { get; } = new();

    public Ulid AccountId { get; }

    public MemoryLedger Ledger { get; }

    private ProgramDirectory Programs { get; } = new();

    /// <summary>A module in memory with the demo's keys.</summary>
    public static async Task<SoftwareHsm> OpenModuleAsync(SoftwareHsmOptions? options = null)
    {
        var hsm = SoftwareHsm.InMemory(options ?? new SoftwareHsmOptions());
        await DemoKeys.AddToAsync(hsm.Keys, CancellationToken.None);
        return hsm;
    }

    /// <param name="hsm">The module, owned by the caller; null for a host without one.</param>
    /// <param name="dialect">How the endpoint speaks.</param>
    /// <param name="options">What the product demands.</param>
    /// <param name="posted">Cents on the account.</param>
    /// <param name="configure">Changes the endpoint.</param>
    /// <param name="credentials">What the program checks; null for <see cref="Program"/>'s.</param>
    /// <param name="card">The card; null for one with the demo's chip.</param>
    /// <param name="pan">Its PAN.</param>
    /// <param name="custody">Who takes keys of 0800; null for the module in memory.</param>
    public static async Task<CredentialHost> StartAsync(
        IHsm? hsm, string dialect = "iso87-ascii", CardOptions options = CardOptions.Cash, long posted = 100_000, Action<EndpointSettings>? configure = null,
        CredentialProfile? credentials = null, DemoCard? card = null, string pan = Messages.Pan, IKeyCustody? custody = null)
    {
        var host = new CredentialHost(hsm, dialect, options, posted, configure, credentials, card, pan, custody);
        await host.application.StartAsync();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, host.port));
        var stream = new NetworkStream(socket, ownsSocket: true);
        host.Peer = new(PipeReader.Create(stream), PipeWriter.Create(stream), host.board.Endpoints[0].Dialect, host.board.Endpoints[0].Framing);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await Peer.DisposeAsync();
        await application.DisposeAsync();
        board.Dispose();
        metrics.Dispose();
    }
}
