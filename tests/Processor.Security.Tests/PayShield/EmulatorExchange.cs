using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Processor.Security.Tests;

/// <summary>A command that the emulator has, with its right answer, which a test sends, changes, cuts or keeps.</summary>
internal sealed class EmulatorExchange(Stream stream, Socket socket, byte[] header, byte[] body, byte[] answer, bool countsHeader)
{
    internal string Code { get; } = Encoding.ASCII.GetString(body, 0, 2);

    internal byte[] Answer => answer;

    internal byte[] Frame() => Frame(answer);

    internal byte[] Frame(byte[] otherAnswer) => Frame(header, otherAnswer);

    internal byte[] Frame(byte[] otherHeader, byte[] otherAnswer)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(otherAnswer.Length + (countsHeader ? otherHeader.Length : 0)));
        return [.. length, .. otherHeader, .. otherAnswer];
    }

    internal Task SendAsync() => SendAsync(Frame());

    internal async Task SendAsync(byte[] bytes)
    {
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
    }

    /// <summary>Ends the line.</summary>
    internal void Kill() => socket.Close(0);
}
