using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Processor.Testing;

/// <summary>Commands to one very server on loopback, whatever it says of others, each over a connection of its own: for a server that is killed meanwhile.</summary>
internal static class PlainRedis
{
    /// <summary>Sends a command.</summary>
    /// <returns>A text, a number, null, or an array of those.</returns>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    internal static async Task<object?> CallAsync(int port, params IReadOnlyList<object> words)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port).ConfigureAwait(false);
        var stream = client.GetStream();
        var command = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Count}\r\n");
        foreach (object word in words)
        {
            string text = Convert.ToString(word, CultureInfo.InvariantCulture)!;
            command.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(text)}\r\n{text}\r\n");
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(command.ToString())).ConfigureAwait(false);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await ReadAsync(reader).ConfigureAwait(false);
    }

    // :number  +text  -error  $length text  *count item item …; −1 for none.
    private static async Task<object?> ReadAsync(StreamReader reader)
    {
        string line = await reader.ReadLineAsync().ConfigureAwait(false) ?? throw new IOException("Redis closed the connection.");
        switch (line[0])
        {
            case ':':
                return long.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
            case '+':
                return line[1..];
            case '-':
                throw new InvalidOperationException(line[1..]);
            case '$':
                int length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                if (length < 0)
                    return null;
                char[] text = new char[length + 2];
                await reader.ReadBlockAsync(text).ConfigureAwait(false);
                return new string(text, 0, length);
            default:
                object?[] items = new object?[Math.Max(0, int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture))];
                for (int index = 0; index < items.Length; index++)
                    items[index] = await ReadAsync(reader).ConfigureAwait(false);
                return items;
        }
    }
}
