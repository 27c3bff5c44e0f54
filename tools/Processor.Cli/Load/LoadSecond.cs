namespace Processor.Cli.Load;

/// <summary>What happened in one second of a run.</summary>
/// <param name="Time">The second's end, in seconds since the beginning.</param>
/// <param name="Sent">Requests sent in it.</param>
/// <param name="Answered">Requests answered in it.</param>
/// <param name="Rate">Answers a second, of the time in which requests were sent.</param>
/// <param name="InFlight">Requests that waited at its end.</param>
/// <param name="Latency">Of the requests answered in it.</param>
internal sealed record LoadSecond(double Time, long Sent, long Answered, double Rate, long InFlight, LatencyHistogram Latency);
