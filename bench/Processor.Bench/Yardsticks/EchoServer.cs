using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Processor.Iso8583;

namespace Processor.Bench;

/// <summary>
/// The least that an endpoint can do: a Kestrel connection handler that takes each frame off the pipe and sends it back as it is,
/// but for the MTI's third digit, which makes a response of it so that the load generator accepts it. With a Redis, each frame is first one
/// durable operation there, a script call of its own: the least that an issuer can do.
/// </summary>
internal static class EchoServer
{
    // length(2) MTI(4 ASCII digits): the third digit is the message function, 0 request, 1 response.
    private const int FunctionOffset = 2;

    /// <summary>Serves until the process is ended.</summary>
    /// <param name="port">On loopback.</param>
    /// <param name="redis">A Redis of which nothing is lost; null for the bare echo.</param>
    public static async Task RunAsync(int port, string? redis)
    {
        await using var operations = redis is null ? null : await DurableOperations.OpenAsync(redis, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, port, listen => listen.Run(connection => operations is null ? EchoAsync(connection) : EchoAsync(connection, operations))));
        var app = builder.Build();
        await using (app)
            await app.RunAsync();
    }

    private static async Task EchoAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        var output = connection.Transport.Output;
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            while (FrameReader.TryRead(ref buffer, Framing.Binary2, out var frame) == FrameStatus.Frame)
                Write(output, frame);
            input.AdvanceTo(buffer.Start, buffer.End);
            await output.FlushAsync();
            if (result.IsCompleted)
                return;
        }
    }

    // Operations go to Redis as they come, and answers leave in the order in which Redis gives them: the order of the frames.
    private static async Task EchoAsync(ConnectionContext connection, DurableOperations operations)
    {
        var answers = Channel.CreateUnbounded<(Task Operation, byte[] Frame)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var answering = AnswerAsync(connection.Transport.Output, answers.Reader);
        var input = connection.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            while (FrameReader.TryRead(ref buffer, Framing.Binary2, out var frame) == FrameStatus.Frame)
                answers.Writer.TryWrite((operations.CommitNextAsync(), frame.ToArray()));
            input.AdvanceTo(buffer.Start, buffer.End);
            if (!result.IsCompleted)
                continue;
            answers.Writer.Complete();
            await answering;
            return;
        }
    }

    private static async Task AnswerAsync(PipeWriter output, ChannelReader<(Task Operation, byte[] Frame)> answers)
    {
        await foreach (var (operation, frame) in answers.ReadAllAsync())
        {
            await operation;
            Write(output, new ReadOnlySequence<byte>(frame));
            if (!answers.TryPeek(out var next) || !next.Operation.IsCompleted)
                await output.FlushAsync();
        }
    }

    private static void Write(PipeWriter output, in ReadOnlySequence<byte> frame)
    {
        var length = (int)frame.Length;
        var target = output.GetSpan(2 + length)[..(2 + length)];
        FrameWriter.TryWriteHeader(target, Framing.Binary2, length);
        frame.CopyTo(target[2..]);
        target[2 + FunctionOffset] = (byte)'1';
        output.Advance(target.Length);
    }
}
