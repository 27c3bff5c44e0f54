namespace Processor.Cli.Load;

/// <summary>What a load measured.</summary>
/// <param name="Plan">What it was made of.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Totals">Everything counted.</param>
/// <param name="MeasuredSeconds">How long requests were sent: the plan's time, or less when the run was stopped.</param>
/// <param name="Unsent">Requests that fell due and were never sent.</param>
/// <param name="Seconds">Second by second.</param>
internal sealed record LoadResult(
    LoadPlan Plan, DateTimeOffset StartedAt, LoadTotals Totals, double MeasuredSeconds, long Unsent, IReadOnlyList<LoadSecond> Seconds)
{
    /// <summary>CPU seconds of this process from the first request, also of a warm-up, to the last answer.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Requests that were sent and not answered.</summary>
    public long Unanswered => Totals.Sent - Totals.Answered;

    /// <summary>Answers a second while requests were sent.</summary>
    public double Throughput => MeasuredSeconds > 0 ? Totals.AnsweredInTime / MeasuredSeconds : 0;

    /// <summary>Whether each request was sent and answered, nothing else came, and nothing wrong was believed.</summary>
    public bool IsClean => Unanswered == 0 && Unsent == 0 && Totals is { Unmatched: 0, Unreadable: 0, IssuersUnknown: 0, WrongApproved: 0, CodesWrong: 0 };
}
