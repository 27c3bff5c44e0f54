namespace Processor.Cli.Load;

/// <summary>What has happened up to some moment. What the warm-up sent is in <see cref="WarmUpSent"/> and <see cref="InFlight"/> alone.</summary>
internal sealed class LoadTotals
{
    /// <summary>Requests sent.</summary>
    public long Sent { get; set; }

    /// <summary>Of them, answered.</summary>
    public long Answered { get; set; }

    /// <summary>Of them, answered before the time was over in which requests are sent.</summary>
    public long AnsweredInTime { get; set; }

    /// <summary>Requests of the warm-up.</summary>
    public long WarmUpSent { get; set; }

    /// <summary>Requests that wait for an answer, those of the warm-up too; what a lost connection left behind does not.</summary>
    public long InFlight { get; set; }

    /// <summary>Answers that belong to no request that waits.</summary>
    public long Unmatched { get; set; }

    /// <summary>Answers that cannot be read.</summary>
    public long Unreadable { get; set; }

    /// <summary>Connections lost while the run went on.</summary>
    public long Disconnects { get; set; }

    /// <summary>Seconds of a pair that have not been sent.</summary>
    public long PairsWaiting { get; set; }

    /// <summary>Answers to right cryptograms that a chip has looked at.</summary>
    public long ChipsJudged { get; set; }

    /// <summary>Of them, those whose ARPC was not the issuer's, or missing.</summary>
    public long IssuersUnknown { get; set; }

    /// <summary>Answers to purchases with a wrong credential, those of the warm-up too.</summary>
    public long WrongAnswered { get; set; }

    /// <summary>Of them, those that were approved.</summary>
    public long WrongApproved { get; set; }

    /// <summary>Answers whose authentication code was looked at.</summary>
    public long CodesJudged { get; set; }

    /// <summary>Of them, those without a right one.</summary>
    public long CodesWrong { get; set; }

    /// <summary>From due until answered.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>From due until handed to the operating system: what the generator itself is late.</summary>
    public LatencyHistogram Lateness { get; } = new();

    /// <summary>Answers by response code.</summary>
    public ResponseCounts Codes { get; } = new();
}
