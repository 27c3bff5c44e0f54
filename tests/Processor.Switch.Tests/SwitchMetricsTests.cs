using System.Diagnostics.Metrics;

namespace Processor.Switch.Tests;

public sealed class SwitchMetricsTests
{
    [Fact]
    public async Task Requests_are_counted_by_class_and_outcome_and_connections_while_they_last()
    {
        using var under = new SwitchUnderTest();
        var seen = new Dictionary<string, double>();
        using var listener = Listen(under.Metrics, seen);
        var line = under.Open();

        await line.Peer.AskAsync(Messages.Purchase());
        await line.Peer.AskAsync(Messages.Purchase(pan: "4761739001010028"));
        await line.Peer.AskAsync(Messages.Echo());
        await line.Peer.SendAsync(line.Peer.Frame("0100"u8));
        await line.Peer.ReceiveAsync();
        await line.Peer.SendAsync(Messages.Purchase("0110"));
        await line.Peer.AssertNothingElseCameAsync();
        listener.RecordObservableInstruments();

        Assert.Equal(1, seen["processor.switch.requests authorization approved"]);
        Assert.Equal(1, seen["processor.switch.requests authorization declined"]);
        Assert.Equal(1, seen["processor.switch.requests authorization rejected"]);
        Assert.Equal(2, seen["processor.switch.requests network_management approved"]);
        Assert.Equal(0, seen["processor.switch.latency authorization approved"]);
        Assert.Equal(1, seen["processor.switch.malformed"]);
        Assert.Equal(1, seen["processor.switch.ignored"]);
        Assert.Equal(1, seen["processor.switch.connections"]);
        Assert.Equal(0, seen["processor.switch.in_flight"]);

        await line.Peer.CloseAsync();
        await line.Served.WaitAsync(Peer.Patience);
        seen.Remove("processor.switch.connections");
        listener.RecordObservableInstruments();
        Assert.Equal(0, seen["processor.switch.connections"]);
    }

    [Fact]
    public async Task Latency_counts_from_arrival_and_what_is_late_is_counted()
    {
        using var under = new SwitchUnderTest();
        under.Ledger.IsHolding = true;
        var seen = new Dictionary<string, double>();
        using var listener = Listen(under.Metrics, seen);
        var peer = under.Open().Peer;

        await peer.SendAsync(Messages.Purchase());
        var operation = await under.Ledger.TakeAsync();
        under.Clock.Advance(TimeSpan.FromMilliseconds(125));
        under.Ledger.Complete(operation);
        await peer.SendAsync(Messages.Purchase("0200"));
        await under.Ledger.TakeAsync();
        under.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(0.125, seen["processor.switch.latency authorization approved"], precision: 6);
        Assert.Equal(1, seen["processor.switch.requests financial late"]);
        Assert.Equal(1, seen["processor.switch.late"]);
    }

    /// <summary>Sums what the instruments of this one meter say, by name and tags.</summary>
    private static MeterListener Listen(SwitchMetrics metrics, Dictionary<string, double> seen)
    {
        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name;
            foreach (var (_, tag) in tags)
                name += " " + tag;
            lock (seen)
                seen[name] = seen.GetValueOrDefault(name) + value;
        }

        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (metrics.Owns(instrument.Meter))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;
    }
}
