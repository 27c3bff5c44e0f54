using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Ledger;
using Processor.Security;
using Processor.Testing;

namespace Processor.Switch.Tests;

/// <summary>Runs while nothing else does: one of its tests counts what the whole process allocates.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationRoom;

/// <summary>The path of a request allocates nothing: counted in bytes around ten thousand runs. Meant for a Release build.</summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int Runs = 10_000;
    private const int Tries = 5;

    public static TheoryData<string, string, string> Cases() => new()
    {
        { "iso87-ascii", "approval", "00" },
        { "iso87-binary", "approval", "00" },
        { "iso87-binary", "track", "00" },
        { "iso87-ascii", "partial", "10" },
        { "iso87-ascii", "decline", "51" },
        { "iso87-ascii", "advice", "00" },
        { "iso87-ascii", "reversal", "00" },
        { "iso87-ascii", "other", "12" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task From_frame_to_answer_nothing_is_allocated(string dialect, string what, string code)
    {
        var ledger = new FixedLedger(AnswerOf(what));
        using var metrics = new SwitchMetrics();
        using var board = Board(dialect, ledger, metrics);

        var (bytes, answer) = await MeasureAsync(board, MessageOf(what));

        Assert.Equal(code, answer[39]);
        Assert.Equal(0, bytes);
    }

    [Fact]
    public async Task Decided_for_real_a_repeat_and_a_decline_allocate_nothing()
    {
        var programs = Programs();
        var ledger = new MemoryLedger(programs, TimeProvider.System);
        using var metrics = new SwitchMetrics();
        using var board = Board("iso87-binary", ledger, metrics, programs, out var cards);
        var account = cards.Add(SwitchUnderTest.PanOf(Messages.Pan)).AccountId;
        ledger.Open(account, cardOrdinal: 3, posted: 2_000);

        var (repeat, first) = await MeasureAsync(board, Messages.Purchase());
        var (decline, poor) = await MeasureAsync(board, Messages.Purchase(stan: "000002"));

        Assert.Equal("00", first[39]);
        Assert.Equal("51", poor[39]);
        Assert.Equal(0, repeat);
        Assert.Equal(0, decline);
    }

    [Fact]
    public async Task Checking_every_credential_allocates_nothing()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        var programs = new ProgramDirectory();
        programs.Replace([CredentialHost.Program]);
        var ledger = new MemoryLedger(programs, TimeProvider.System);
        using var metrics = new SwitchMetrics();
        using var board = Board("iso87-binary", ledger, metrics, programs, out var cards, new CredentialCheck(hsm));
        var pan = SwitchUnderTest.PanOf(Messages.Pan);
        ledger.Open(cards.Add(pan).AccountId, cardOrdinal: 3, posted: 2_000);
        var card = new DemoCard(pan);
        var message = Messages.Purchase();
        message[35] = card.ChipTrack2;
        message[48] = "9203" + card.VerificationValue;
        message[52] = Convert.ToHexString(card.PinBlock(card.Pin));
        message[55] = Convert.ToHexString(card.IccData(counter: 1, new(10_50, Currency.Eur), unpredictableNumber: 1));

        var (bytes, answer) = await MeasureAsync(board, message);

        Assert.Equal("00", answer[39]);
        Assert.NotNull(answer[55]);
        Assert.Equal(0, bytes);
    }

    [Fact]
    public async Task Checking_a_PIN_of_the_cards_own_allocates_nothing()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        var profile = CredentialHost.Program.Credentials! with { PinEntryKey = DemoKeys.ZonePins };
        var programs = new ProgramDirectory();
        programs.Replace([CredentialHost.Program with { Credentials = profile }]);
        var ledger = new MemoryLedger(programs, TimeProvider.System);
        using var metrics = new SwitchMetrics();
        using var board = Board("iso87-binary", ledger, metrics, programs, out var cards, new CredentialCheck(hsm));
        var pan = SwitchUnderTest.PanOf(Messages.Pan);
        var account = cards.Add(pan).AccountId;
        ledger.Open(account, cardOrdinal: 3, posted: 2_000);
        var card = new DemoCard(pan);
        var chosen = card.Pin == "8642" ? "9753" : "8642";
        var issue = await new PinIssuer(hsm).IssueAsync(profile, pan, new SealedPin(0, card.PinBlock(chosen)), CancellationToken.None);
        ledger.Submit(new SetCardPinCommand { AccountId = account, CardId = new Ulid(3), Key = 1, Pin = issue.Pin });
        var message = Messages.Purchase();
        message[52] = Convert.ToHexString(card.PinBlock(chosen));
        var wrong = Messages.Purchase(stan: "000002");
        wrong[52] = Convert.ToHexString(card.PinBlock(card.Pin));

        var (bytes, answer) = await MeasureAsync(board, message);
        var (declined, refusal) = await MeasureAsync(board, wrong);

        Assert.Equal(("00", "55"), (answer[39], refusal[39]));
        Assert.Equal((0, 0), (bytes, declined));
    }

    [Theory]
    [InlineData("iso9797-1-alg3")]
    [InlineData("cmac")]
    [InlineData("hmac-sha256")]
    public async Task Checking_and_making_codes_of_messages_allocates_nothing(string algorithm)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        var key = await MacTests.AddKeyAsync(hsm, algorithm);
        using var metrics = new SwitchMetrics();
        var endpoint = new EndpointSettings { Name = "test", Dialect = "iso87-binary", MacKey = key, MacAlgorithm = algorithm };
        var cards = new CardList();
        cards.Add(SwitchUnderTest.PanOf(Messages.Pan));
        using var board = new Switchboard(
            new() { Endpoints = [endpoint] }, new FixedLedger(AnswerOf("approval")), cards, new PlainHasher(), Programs(), TimeProvider.System, metrics,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<Switchboard>.Instance, codes: new MessageCodes(hsm));
        var codes = MacTests.CodesOf(hsm, board.Endpoints[0].Dialect, algorithm, key);
        var message = Iso8583Message.Parse(board.Endpoints[0].Dialect, await codes.SealAsync(Messages.Purchase()));

        var (bytes, answer) = await MeasureAsync(board, message);

        Assert.Equal("00", answer[39]);
        Assert.NotNull(answer[64]);
        Assert.Equal(0, bytes);
    }

    [Fact]
    public async Task Over_a_socket_a_request_allocates_nothing_either()
    {
        await using var host = await SwitchHost.StartAsync();
        host.Under.Ledger.IsRecording = false;
        using var socket = host.ConnectBlocking();
        var endpoint = host.Under.Endpoint;
        var message = Messages.Purchase().ToBytes(endpoint.Dialect);
        var framed = new byte[endpoint.Framing.HeaderLength + message.Length];
        FrameWriter.TryWriteHeader(framed, endpoint.Framing, message.Length);
        message.CopyTo(framed, endpoint.Framing.HeaderLength);
        var burst = Enumerable.Repeat(framed, 10).SelectMany(bytes => bytes).ToArray();
        var answers = new byte[64 * 1024];
        var answerLength = Exchange(socket, framed, answers, 1);

        Run(socket, burst, answers, 10 * answerLength, 500);
        var bytes = long.MaxValue;
        for (var tries = 0; tries < Tries; tries++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Run(socket, burst, answers, 10 * answerLength, Runs / 10);
            bytes = Math.Min(bytes, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        // Other threads of the process, as the deadline's timer, allocate now and then, some more in one try: some bytes, not some for each request.
        Assert.InRange(bytes / (double)Runs, 0, 2);
    }

    private static void Run(Socket socket, byte[] burst, byte[] answers, int answersLength, int times)
    {
        for (var run = 0; run < times; run++)
            Exchange(socket, burst, answers, answersLength);
    }

    private static int Exchange(Socket socket, byte[] burst, byte[] answers, int least)
    {
        socket.Send(burst);
        var received = 0;
        while (received < least)
            received += socket.Receive(answers);
        return received;
    }

    /// <summary>Sends one message to the router again and again on this thread, and counts what this thread allocates.</summary>
    private static async Task<(long Bytes, Iso8583Message Answer)> MeasureAsync(Switchboard board, Iso8583Message message)
    {
        var endpoint = board.Endpoints[0];
        var outward = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline));
        var context = new DefaultConnectionContext("line", new Duplex(new Pipe().Reader, outward.Writer), new Duplex(outward.Reader, new Pipe().Writer));
        var connection = new Connection(board, endpoint, context);
        var frame = new ReadOnlySequence<byte>(message.ToBytes(endpoint.Dialect));

        var bytes = Allocation.LeastBytes(() => Serve(board, connection, frame, outward.Reader, Runs));

        connection.TryAccept(in frame, default, board.Clock.GetTimestamp());
        connection.Output.Flush();
        var peer = new Peer(outward.Reader, outward.Writer, endpoint.Dialect, endpoint.Framing);
        return (bytes, await peer.ReceiveAsync());
    }

    private static void Serve(Switchboard board, Connection connection, in ReadOnlySequence<byte> frame, PipeReader reader, int runs)
    {
        for (var run = 0; run < runs; run++)
        {
            Assert.True(connection.TryAccept(in frame, default, board.Clock.GetTimestamp()));
            connection.Output.Flush();
            Assert.True(reader.TryRead(out var result));
            reader.AdvanceTo(result.Buffer.End);
        }
    }

    private static Switchboard Board(string dialect, ILedger ledger, SwitchMetrics metrics)
    {
        var board = Board(dialect, ledger, metrics, Programs(), out var cards);
        cards.Add(SwitchUnderTest.PanOf(Messages.Pan));
        return board;
    }

    private static Switchboard Board(string dialect, ILedger ledger, SwitchMetrics metrics, ProgramDirectory programs, out CardList cards, CredentialCheck? check = null)
    {
        cards = new();
        var settings = new SwitchSettings { Endpoints = [new() { Name = "test", Dialect = dialect, PinKey = DemoKeys.ZonePins }] };
        return new(settings, ledger, cards, new PlainHasher(), programs, TimeProvider.System, metrics, Microsoft.Extensions.Logging.Abstractions.NullLogger<Switchboard>.Instance, check);
    }

    private static ProgramDirectory Programs()
    {
        var programs = new ProgramDirectory();
        programs.Replace([new() { Number = 7, Id = new Ulid(7), Name = "Test", TimeZone = "Europe/Berlin", BinRanges = [new(476173, 476173, 6, 16)] }]);
        return programs;
    }

    private static Iso8583Message MessageOf(string what) => what switch
    {
        "track" => Messages.WithTrack2(Messages.Purchase()),
        "advice" => Messages.Purchase("0120"),
        "reversal" => Messages.Purchase("0420"),
        "other" => Messages.Purchase("0300"),
        _ => Messages.Purchase(),
    };

    private static AuthorizationAnswer AnswerOf(string what)
    {
        var answer = what switch
        {
            "partial" => new AuthorizationAnswer { Kind = AnswerKind.Partial, ApprovedTransaction = 700, AskedTransaction = 1050 },
            "decline" => new AuthorizationAnswer { Kind = AnswerKind.Declined, Reason = DeclineReason.InsufficientFunds },
            "advice" or "reversal" => new AuthorizationAnswer { Kind = AnswerKind.Accepted },
            _ => new AuthorizationAnswer { Kind = AnswerKind.Approved },
        };
        if (what != "decline")
            "A1B2C3"u8.CopyTo(answer.ApprovalCode);
        return answer;
    }

    private sealed class FixedLedger(AuthorizationAnswer answer) : ILedger
    {
        private readonly FlushList flushes = new();

        public void Submit(LedgerOperation operation)
        {
            ((AuthorizationOperation)operation).Answer = answer;
            operation.Complete(CommitOutcome.Committed, flushes);
            flushes.FlushAll();
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
