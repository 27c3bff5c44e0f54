using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Processor.Testing;

/// <summary>
/// TCP ports on loopback that nobody else uses. They lie below the range from which Linux takes ports for outgoing
/// connections (32768 and up), so a server that is killed finds its port free when it starts again.
/// </summary>
public static class FreePorts
{
    private const int PortMin = 20_000;
    private const int PortMax = 32_000;

    private static readonly Lock Gate = new();
    private static readonly List<FileStream> Taken = [];
    private static int next = PortMin + (Environment.ProcessId * 61 % (PortMax - PortMin));

    /// <summary>A free port, kept from other test processes of this user until this process ends.</summary>
    /// <exception cref="InvalidOperationException">No port is free.</exception>
    public static int Take()
    {
        lock (Gate)
        {
            for (int tries = PortMin; tries < PortMax; tries++)
            {
                int port = next;
                next = next + 1 < PortMax ? next + 1 : PortMin;
                if (TryTake(port))
                    return port;
            }
        }

        throw new InvalidOperationException($"No free port in {PortMin}..{PortMax}.");
    }

    private static bool TryTake(int port)
    {
        string folder = Path.Combine(TestFolder.Root, "ports");
        Directory.CreateDirectory(folder);
        var held = TestFolder.TryHold(Path.Combine(folder, port.ToString(CultureInfo.InvariantCulture)));
        if (held is null)
            return false;
        if (!IsFree(port))
        {
            held.Dispose();
            return false;
        }

        Taken.Add(held);
        return true;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
