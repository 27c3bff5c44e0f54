using Processor.Iso8583;

namespace Processor.EndToEnd.Tests;

/// <summary>A request and every answer that its sender has got, those to its repeats included. Safe from many threads.</summary>
internal sealed class Exchange(Iso8583Message request)
{
    private readonly Lock gate = new();
    private readonly List<Iso8583Message> answers = [];
    private TaskCompletionSource<Iso8583Message> waiting = New();

    /// <summary>As it was sent first.</summary>
    internal Iso8583Message Request => request;

    /// <summary>How often it was sent.</summary>
    internal int Sendings { get; set; }

    /// <summary>How often it was sent in vain: no answer came before it was sent again.</summary>
    internal int Lost { get; set; }

    /// <summary>DE 37: one purchase and the messages about it.</summary>
    internal string Reference => request[37]!;

    /// <summary>The answers, in the order in which they came.</summary>
    internal IReadOnlyList<Iso8583Message> Answers
    {
        get
        {
            lock (gate)
                return [.. answers];
        }
    }

    /// <summary>The decision as the sender knows it: its first answer that is not 91, for with 91 nothing was done. Null for none.</summary>
    internal Iso8583Message? Decision => Answers.FirstOrDefault(answer => answer[39] != "91");

    /// <summary>True when the sender was told so, in full or in part.</summary>
    internal bool IsApproved => Decision?[39] is "00" or "10";

    /// <summary>What was told, less often than it was told: one text when every repeat got the first answer.</summary>
    internal IReadOnlyList<string> Told => [.. Answers.Where(answer => answer[39] != "91").Select(Text).Distinct()];

    /// <summary>Begins to wait for one more answer.</summary>
    internal Task<Iso8583Message> Expect()
    {
        lock (gate)
        {
            waiting = New();
            return waiting.Task;
        }
    }

    /// <summary>Takes an answer in.</summary>
    internal void Take(Iso8583Message answer)
    {
        lock (gate)
        {
            answers.Add(answer);
            waiting.TrySetResult(answer);
        }
    }

    private static string Text(Iso8583Message answer) => $"4 {answer[4]}, 6 {answer[6]}, 38 {answer[38]}, 39 {answer[39]}, 54 {answer[54]}";

    private static TaskCompletionSource<Iso8583Message> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
