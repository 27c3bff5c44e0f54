using System.Buffers;
using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Ledger;
using Processor.Switch;

namespace Processor.Bench;

/// <summary>
/// A whole message in memory: bytes in, parsed, mapped, PAN hashed, card found, decided, reply bytes out. It is the switch's own code from
/// the router on; the ledger decides against accounts in memory and commits nothing, and nothing reads the reply.
/// </summary>
[MemoryDiagnoser]
public class MessageBenchmarks : IDisposable
{
    private readonly SwitchMetrics metrics = new();
    private readonly MemoryLedger ledger = new();
    private Switchboard board = null!;
    private Connection connection = null!;
    private byte[] purchase = [];
    private byte[] reversal = [];
    private int number;

    // Offsets of DE 11 in the two messages, and of the original's STAN in DE 90.
    private int purchaseStan;
    private int reversalStan;
    private int originalStan;

    [GlobalSetup]
    public void Setup()
    {
        var programs = new ProgramDirectory();
        programs.Replace([MemoryLedger.Profile]);
        var settings = new SwitchSettings { Endpoints = [new EndpointSettings { Name = "bench" }] };
        board = new Switchboard(settings, ledger, ledger, ledger, programs, TimeProvider.System, metrics, NullLogger<Switchboard>.Instance);
        var dialect = board.Endpoints[0].Dialect;
        connection = new Connection(board, board.Endpoints[0], new DefaultConnectionContext("bench", new Nowhere(), new Nowhere()));
        var message = BenchMessages.Purchase();
        message[11] = "777777";
        purchase = message.ToBytes(dialect);
        purchaseStan = purchase.AsSpan().IndexOf("777777"u8);
        reversal = BenchMessages.Reversal(message, stan: "888888").ToBytes(dialect);
        reversalStan = reversal.AsSpan().IndexOf("888888"u8);
        originalStan = reversal.AsSpan().LastIndexOf("777777"u8);
        PurchaseAndReversal();
        if (ledger.Approved != 1 || ledger.Accepted != 1)
            throw new InvalidOperationException("The benchmark is not approved.");
    }

    /// <summary>Both messages; the time is of one.</summary>
    [Benchmark(OperationsPerInvoke = 2)]
    public void PurchaseAndReversal()
    {
        number = (number + 1) % 500_000;
        Write(purchase, purchaseStan, number);
        Route(purchase);
        Write(reversal, reversalStan, number + 500_000);
        Write(reversal, originalStan, number);
        Route(reversal);
        ledger.Forget();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        board?.Dispose();
        metrics.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void Write(byte[] message, int offset, int value)
    {
        for (var place = 5; place >= 0; place--, value /= 10)
            message[offset + place] = (byte)('0' + (value % 10));
    }

    private void Route(byte[] frame)
    {
        var sequence = new ReadOnlySequence<byte>(frame);
        var context = board.Contexts.Rent();
        context.Begin(connection, in sequence, envelope: default, board.Clock.GetTimestamp());
        MessageRouter.Route(board, context);
    }

    /// <summary>A transport that takes everything.</summary>
    private sealed class Nowhere : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(Stream.Null);

        public PipeWriter Output { get; } = PipeWriter.Create(Stream.Null);
    }
}
