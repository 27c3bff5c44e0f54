using System.Diagnostics.Metrics;
using Processor.Cards;

namespace Processor.Switch;

/// <summary>The meter <c>Processor.Switch</c>. Recording allocates nothing: every tag list is made once.</summary>
public sealed class SwitchMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Processor.Switch";

    private const int ClassCount = (int)RequestClass.Other + 1;
    private const int OutcomeCount = (int)RequestOutcome.Late + 1;

    private static readonly KeyValuePair<string, object?>[][] Tags = MakeTags();
    private static readonly KeyValuePair<string, object?>[] MacTags = MakeMacTags();

    private readonly Meter meter;
    private readonly Counter<long> requests;
    private readonly Histogram<double> latency;
    private readonly Counter<long> malformed;
    private readonly Counter<long> ignored;
    private readonly Counter<long> late;
    private readonly Counter<long> macs;
    private readonly Counter<long> cardSearches;
    private readonly Counter<long> cardsRestored;
    private long connections;
    private long inFlight;

    /// <summary>Makes the meter's instruments.</summary>
    public SwitchMetrics()
    {
        meter = new(MeterName);
        requests = meter.CreateCounter<long>("processor.switch.requests", unit: "{request}", description: "Requests and advices by class and outcome.");
        latency = meter.CreateHistogram<double>("processor.switch.latency", unit: "s", description: "From the arrival of a request to its answer.");
        malformed = meter.CreateCounter<long>("processor.switch.malformed", unit: "{message}", description: "Messages that could not be read.");
        ignored = meter.CreateCounter<long>("processor.switch.ignored", unit: "{message}", description: "Responses and other messages that take no answer.");
        late = meter.CreateCounter<long>("processor.switch.late", unit: "{request}", description: "Requests that missed their deadline.");
        macs = meter.CreateCounter<long>("processor.switch.macs", unit: "{message}", description: "Authentication codes of messages by what became of them.");
        cardSearches = meter.CreateCounter<long>("processor.switch.card_searches", unit: "{card}", description: "PANs that Redis did not know and the records were asked for.");
        cardsRestored = meter.CreateCounter<long>("processor.switch.cards_restored", unit: "{card}", description: "Cards that Redis had lost from its directory and that were put back.");
        meter.CreateObservableUpDownCounter("processor.switch.connections", () => Interlocked.Read(ref connections), unit: "{connection}", description: "Open connections.");
        meter.CreateObservableUpDownCounter("processor.switch.in_flight", () => Interlocked.Read(ref inFlight), unit: "{request}", description: "Requests that wait for their answer.");

        // A figure that was never recorded is not told at all, and nobody could watch it rise from nothing.
        foreach (var counter in new[] { malformed, ignored, late, cardSearches, cardsRestored })
            counter.Add(0);
        foreach (var tag in MacTags)
            macs.Add(0, tag);
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal bool Owns(Meter other) => ReferenceEquals(meter, other);

    internal void ConnectionOpened() => Interlocked.Increment(ref connections);

    internal void ConnectionClosed() => Interlocked.Decrement(ref connections);

    internal void Entered() => Interlocked.Increment(ref inFlight);

    internal void Left() => Interlocked.Decrement(ref inFlight);

    internal void Malformed() => malformed.Add(1);

    internal void Ignored() => ignored.Add(1);

    internal void Late() => late.Add(1);

    internal void CardSearched() => cardSearches.Add(1);

    internal void CardRestored() => cardsRestored.Add(1);

    internal void Mac(MacVerdict verdict) => macs.Add(1, MacTags[(int)verdict]);

    internal void Answered(RequestClass requestClass, RequestOutcome outcome, TimeSpan elapsed)
    {
        ReadOnlySpan<KeyValuePair<string, object?>> tags = Tags[((int)requestClass * OutcomeCount) + (int)outcome];
        requests.Add(1, tags);
        latency.Record(elapsed.TotalSeconds, tags);
    }

    private static KeyValuePair<string, object?>[][] MakeTags()
    {
        var tags = new KeyValuePair<string, object?>[ClassCount * OutcomeCount][];
        foreach (var requestClass in Enum.GetValues<RequestClass>())
        {
            foreach (var outcome in Enum.GetValues<RequestOutcome>())
                tags[((int)requestClass * OutcomeCount) + (int)outcome] = [new("class", WordOf(requestClass)), new("outcome", WordOf(outcome))];
        }

        return tags;
    }

    private static KeyValuePair<string, object?>[] MakeMacTags() =>
        [.. Enum.GetValues<MacVerdict>().Select(verdict => new KeyValuePair<string, object?>("result", WordOf(verdict)))];

    private static string WordOf(MacVerdict verdict) => verdict switch
    {
        MacVerdict.Right => "right",
        MacVerdict.None => "none",
        MacVerdict.Wrong => "wrong",
        MacVerdict.Missing => "missing",
        MacVerdict.Unchecked => "unchecked",
        MacVerdict.Unsent => "unsent",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "No word."),
    };

    private static string WordOf(RequestClass requestClass) => requestClass switch
    {
        RequestClass.Authorization => "authorization",
        RequestClass.AuthorizationAdvice => "authorization_advice",
        RequestClass.Financial => "financial",
        RequestClass.FinancialAdvice => "financial_advice",
        RequestClass.Reversal => "reversal",
        RequestClass.ReversalAdvice => "reversal_advice",
        RequestClass.NetworkManagement => "network_management",
        RequestClass.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(requestClass), requestClass, "No word."),
    };

    private static string WordOf(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Approved => "approved",
        RequestOutcome.Partial => "partial",
        RequestOutcome.Declined => "declined",
        RequestOutcome.Accepted => "accepted",
        RequestOutcome.Rejected => "rejected",
        RequestOutcome.Unavailable => "unavailable",
        RequestOutcome.Failed => "failed",
        RequestOutcome.Late => "late",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No word."),
    };
}
