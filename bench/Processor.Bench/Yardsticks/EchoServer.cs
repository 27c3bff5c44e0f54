using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Processor.Iso8583;

namespace Processor.Bench;

/// <summary>
/// The least that an endpoint can do: a Kestrel connection handler that takes each frame off the pipe and sends it back as it is,
/// but for the MTI's third digit, which makes a response of it so that the load generator accepts it.
/// </summary>
internal static class EchoServer
{
    // length(2) MTI(4 ASCII digits): the third digit is the message function, 0 request, 1 response.
    private const int FunctionOffset = 2;

    /// <summary>Serves until the process is ended.</summary>
    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, port, listen => listen.Run(EchoAsync)));
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
