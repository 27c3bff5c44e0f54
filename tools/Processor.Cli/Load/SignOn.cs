using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using Processor.Cli.Network;
using Processor.Iso8583;

namespace Processor.Cli.Load;

/// <summary>Signs a fresh connection on before it carries load.</summary>
internal static class SignOn
{
    private const string Stan = "999999";

    /// <summary>Sends 0800 with DE 70 of 001 and waits for DE 39 of 00.</summary>
    /// <exception cref="IOException">It was refused, was not answered in time, or the connection broke.</exception>
    public static async Task PerformAsync(Socket socket, LoadPlan plan, TimeProvider time, CancellationToken cancellation)
    {
        var endpoint = plan.Endpoint;
        byte[] request = Frame(plan, time);
        byte[] answer = new byte[endpoint.Framing.HeaderLength + endpoint.Framing.FrameLengthMax + endpoint.Framing.TrailerLength];
        using var limit = new CancellationTokenSource(plan.Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await socket.SendAsync(request, both.Token);
            int length = 0;
            while (true)
            {
                var rest = new ReadOnlySequence<byte>(answer, 0, length);
                var status = FrameReader.TryRead(ref rest, endpoint.Framing, out var frame);
                if (status == FrameStatus.Frame)
                {
                    Check(Iso8583Message.Parse(endpoint.Dialect, frame.ToArray()), plan);
                    CheckCode(frame.ToArray(), endpoint);
                    return;
                }

                int count = status == FrameStatus.NeedMoreData ? await socket.ReceiveAsync(answer.AsMemory(length), both.Token) : 0;
                if (count == 0)
                    throw new IOException($"{endpoint} broke off the sign-on.");
                length += count;
            }
        }
        catch (SocketException exception)
        {
            throw new IOException($"{endpoint} broke off the sign-on: {exception.Message}.", exception);
        }
        catch (FormatException exception)
        {
            throw new IOException($"{endpoint} answered the sign-on with what cannot be read: {exception.Message}.", exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"{endpoint} did not answer the sign-on within {plan.Patience.TotalSeconds:0.#} s.", exception);
        }
    }

    private static byte[] Frame(LoadPlan plan, TimeProvider time)
    {
        var framing = plan.Endpoint.Framing;
        var message = new Iso8583Message(Mti.Parse("0800"))
        {
            [7] = time.GetUtcNow().ToString("MMddHHmmss", CultureInfo.InvariantCulture),
            [11] = Stan,
            [70] = "001",
        };
        return FrameWriter.Frame(plan.Endpoint.Seal?.Seal(message, plan.Endpoint.Dialect) ?? message.ToBytes(plan.Endpoint.Dialect), framing);
    }

    private static void CheckCode(byte[] answer, Endpoint endpoint)
    {
        var layout = new MessageLayout();
        endpoint.Dialect.TryParse(answer, layout);
        if (endpoint.Seal?.Check(answer, new MessageView(answer, layout)) is { } problem)
            throw new IOException($"{endpoint} answered the sign-on with {problem}.");
    }

    private static void Check(Iso8583Message answer, LoadPlan plan)
    {
        if (answer[39] != "00")
            throw new IOException($"{plan.Endpoint} answered the sign-on with {answer.Mti}, DE39 {answer[39] ?? "missing"}.");
    }
}
