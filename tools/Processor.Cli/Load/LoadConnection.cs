using System.Buffers;
using System.Net.Sockets;
using Processor.Cli.Network;
using Processor.Iso8583;

namespace Processor.Cli.Load;

/// <summary>
/// One connection of a load. Requests are written in batches by whoever paces them, answers are matched as they
/// come; neither allocates. When the connection breaks it is made again until the run is over.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    // One answer of 64 has its authentication code looked at.
    private const ulong CodeSampleMask = 63;
    private const int OutgoingLength = 256 * 1024;
    private const int IncomingLength = 128 * 1024;
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly LoadPlan plan;
    private readonly LoadClock clock;
    private readonly Traffic traffic;
    private readonly PreparedPurchases? prepared;
    private readonly RequestTemplates templates;
    private readonly ConnectionSlots slots;
    private readonly LoadTotals totals = new();
    private readonly MessageLayout layout = new();
    private readonly byte[] outgoing = new byte[OutgoingLength];
    private readonly byte[] incoming = new byte[IncomingLength];
    private readonly long end;
    private Socket? socket;
    private int outgoingStart;
    private int outgoingEnd;
    private int incomingLength;

    /// <param name="plan">What the run is made of.</param>
    /// <param name="clock">The run's clock.</param>
    /// <param name="index">Which connection this is, from 0.</param>
    /// <param name="firstReference">The run's first retrieval reference.</param>
    public LoadConnection(LoadPlan plan, LoadClock clock, int index, long firstReference)
    {
        this.plan = plan;
        this.clock = clock;
        prepared = plan.Chips > 0 ? new PreparedPurchases(plan, index) : null;
        traffic = new Traffic(plan, index, firstReference, prepared);
        templates = new RequestTemplates(plan, index, prepared);
        slots = new ConnectionSlots(keepsDetails: plan.Pair != PairChoice.None || prepared is not null);
        end = LoadClock.FromSeconds(plan.Seconds);
    }

    /// <summary>Connects and signs on.</summary>
    /// <exception cref="IOException">It did not come about.</exception>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        var opened = await EndpointSocket.ConnectAsync(plan.Endpoint, plan.Patience, clock.Time, cancellation);
        if (plan.SignsOn)
            await SignOn.PerformAsync(opened, plan, clock.Time, cancellation);
        opened.Blocking = false;
        lock (gate)
        {
            slots.Clear();
            outgoingStart = outgoingEnd = incomingLength = 0;
            socket = opened;
        }
    }

    /// <summary>Reads answers until cancelled, connecting again when the connection breaks.</summary>
    public async Task ReceiveAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (socket is null)
                    await ConnectAsync(cancellation);
                if (plan.Rate == 0)
                    SendNow(plan.Window);
                await ReceiveUntilBrokenAsync(socket!, cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
            {
                if (await BreakAsync(cancellation))
                    return;
            }
        }
    }

    /// <summary>Sends requests that are due, as many as fit.</summary>
    /// <param name="schedule">When each is due.</param>
    /// <param name="first">The first one.</param>
    /// <param name="limit">One above the last one.</param>
    /// <returns>How many have been taken; 0 when the connection is down or its buffer full.</returns>
    public int SendDue(Schedule schedule, long first, long limit)
    {
        lock (gate)
        {
            if (socket is null)
                return 0;
            long now = clock.Now;
            long transmission = Transmission();
            int count = 0;
            while (first + count < limit && HasRoom())
            {
                Append(traffic.Next(now, transmission), schedule.DueOf(first + count));
                count++;
            }

            Flush();
            return count;
        }
    }

    /// <summary>Sends so many requests now; after the end, seconds of pairs alone.</summary>
    /// <returns>How many have been taken.</returns>
    public int SendNow(int most)
    {
        lock (gate)
        {
            if (socket is null)
                return 0;
            int count = AppendNow(most);
            Flush();
            return count;
        }
    }

    /// <summary>Adds what this connection has counted.</summary>
    public void AddTo(LoadTotals sum)
    {
        lock (gate)
        {
            sum.Sent += totals.Sent;
            sum.Answered += totals.Answered;
            sum.AnsweredInTime += totals.AnsweredInTime;
            sum.WarmUpSent += totals.WarmUpSent;
            sum.InFlight += slots.Count;
            sum.Unmatched += totals.Unmatched;
            sum.Unreadable += totals.Unreadable;
            sum.Disconnects += totals.Disconnects;
            sum.PairsWaiting += traffic.PairCount;
            sum.ChipsJudged += prepared?.Judged ?? 0;
            sum.WrongAnswered += prepared?.WrongAnswered ?? 0;
            sum.WrongApproved += prepared?.WrongApproved ?? 0;
            sum.CodesJudged += totals.CodesJudged;
            sum.CodesWrong += totals.CodesWrong;
            sum.IssuersUnknown += prepared?.Unknown ?? 0;
            sum.Latency.Add(totals.Latency);
            sum.Lateness.Add(totals.Lateness);
            sum.Codes.Add(totals.Codes);
        }
    }

    /// <summary>Whether nothing is left to send or to wait for.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
                return slots.Count == 0 && traffic.PairCount == 0;
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => socket?.Dispose();

    private async Task ReceiveUntilBrokenAsync(Socket open, CancellationToken cancellation)
    {
        while (true)
        {
            int count = await open.ReceiveAsync(incoming.AsMemory(incomingLength), SocketFlags.None, cancellation);
            if (count == 0)
                throw new IOException("The issuer closed the connection.");
            long now = clock.Now;
            lock (gate)
            {
                incomingLength += count;
                int answered = TakeAnswers(now);
                if (plan.Rate == 0)
                    AppendNow(answered);
                Flush();
            }
        }
    }

    private int TakeAnswers(long now)
    {
        var rest = new ReadOnlySequence<byte>(incoming, 0, incomingLength);
        int answered = 0;
        FrameStatus status;
        while ((status = FrameReader.TryRead(ref rest, plan.Endpoint.Framing, out var frame)) is FrameStatus.Frame or FrameStatus.KeepAlive)
        {
            if (status == FrameStatus.Frame && TakeAnswer(frame.FirstSpan, now))
                answered++;
        }

        if (status == FrameStatus.Malformed)
            throw new IOException("The issuer sent a frame length that cannot be.");
        int left = (int)rest.Length;
        incoming.AsSpan(incomingLength - left, left).CopyTo(incoming);
        incomingLength = left;
        return answered;
    }

    private bool TakeAnswer(ReadOnlySpan<byte> frame, long now)
    {
        if (plan.Endpoint.Dialect.TryParse(frame, layout) != ParseStatus.Parsed)
        {
            totals.Unreadable++;
            return false;
        }

        var view = new MessageView(frame, layout);
        if (!view.Mti.IsResponse || !view.TryGetNumber(11, out ulong stan) || !slots.TryTake((int)stan, out long due, out var request))
        {
            totals.Unmatched++;
            return false;
        }

        if (plan.Endpoint.Seal is { } seal && (stan & CodeSampleMask) == 0)
        {
            totals.CodesJudged++;
            totals.CodesWrong += seal.Check(frame, in view) is null ? 0 : 1;
        }

        Span<byte> code = stackalloc byte[2];
        view.TryGetText(39, code, out int codeLength);
        if (plan.Pair != PairChoice.None && request.Kind == RequestKind.Purchase && code.SequenceEqual("00"u8))
            traffic.LayAside(in request, ApprovalCode(in view), now);
        if (request.Prepared >= 0 && request.Kind == RequestKind.Purchase)
            prepared?.Judge(request.Prepared, code[..codeLength], in view);
        if (due < 0)
            return true;
        totals.Answered++;
        if (now < end)
            totals.AnsweredInTime++;
        totals.Latency.Record(now - due);
        totals.Codes.Count(code[..codeLength]);
        return true;
    }

    private static ulong ApprovalCode(in MessageView view)
    {
        Span<byte> text = stackalloc byte[6];
        if (!view.TryGetText(38, text, out int length) || length != text.Length)
            return 0;
        ulong code = 0;
        foreach (byte character in text)
            code = (code << 8) | character;
        return code;
    }

    private int AppendNow(int most)
    {
        long now = clock.Now;
        long transmission = Transmission();
        int count = 0;
        while (count < most && HasRoom())
        {
            if (now < end)
                Append(traffic.Next(now, transmission), now);
            else if (traffic.TryNextPair(now, transmission, out var pair))
                Append(pair, now);
            else
                break;
            count++;
        }

        return count;
    }

    private bool HasRoom()
    {
        if (outgoing.Length - outgoingEnd >= templates.LengthMax)
            return true;
        if (outgoingStart == 0)
            return false;
        outgoing.AsSpan(outgoingStart, outgoingEnd - outgoingStart).CopyTo(outgoing);
        outgoingEnd -= outgoingStart;
        outgoingStart = 0;
        return outgoing.Length - outgoingEnd >= templates.LengthMax;
    }

    private void Append(in RequestDetails request, long due)
    {
        var entry = prepared is not null && request is { Kind: RequestKind.Purchase, Prepared: >= 0 } ? prepared.EntryOf(request.Prepared) : CardEntry.Chip;
        var template = templates.Find(request.Kind, plan.Cards.PanLengthOf(request.Card), entry);
        template.Write(outgoing.AsSpan(outgoingEnd), in request, plan.Cards);
        outgoingEnd += template.Length;
        slots.Put(in request, due);
        if (due < 0)
        {
            totals.WarmUpSent++;
            return;
        }

        totals.Sent++;
        totals.Lateness.Record(clock.Now - due);
    }

    // What the socket does not take now goes with the next batch; a broken one is noticed where answers are read.
    private void Flush()
    {
        while (socket is { } open && outgoingStart < outgoingEnd)
        {
            int count = open.Send(outgoing.AsSpan(outgoingStart, outgoingEnd - outgoingStart), SocketFlags.None, out var problem);
            if (problem != SocketError.Success || count == 0)
                return;
            outgoingStart += count;
        }

        outgoingStart = outgoingEnd = 0;
    }

    private async Task<bool> BreakAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            if (socket is not null)
                totals.Disconnects++;
            socket?.Dispose();
            socket = null;
            slots.Clear();
        }

        if (cancellation.IsCancellationRequested)
            return true;
        try
        {
            await Task.Delay(ReconnectPause, clock.Time, cancellation);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    // DE 7, MMDDhhmmss in UTC, as a number.
    private long Transmission()
    {
        var now = clock.Time.GetUtcNow();
        return ((((((((now.Month * 100L) + now.Day) * 100) + now.Hour) * 100) + now.Minute) * 100) + now.Second);
    }
}
