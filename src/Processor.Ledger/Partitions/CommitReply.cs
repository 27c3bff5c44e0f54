using System.Globalization;

namespace Processor.Ledger;

/// <summary>What is known of a batch once its script call has an outcome.</summary>
internal readonly struct CommitReply
{
    private CommitReply(CommitReplyKind kind, string detail = "", string entry = "", RespReply[]? parts = null)
    {
        Kind = kind;
        Detail = detail;
        Entry = entry;
        Parts = parts;
    }

    internal CommitReplyKind Kind { get; }

    /// <summary>For the log.</summary>
    internal string Detail { get; }

    /// <summary>The id of the journal entry; empty when none was written.</summary>
    internal string Entry { get; }

    /// <summary>True when the script wrote the batch's number.</summary>
    internal bool HasRun => Kind is CommitReplyKind.Committed or CommitReplyKind.Conflict or CommitReplyKind.ConflictTold;

    /// <summary>For a conflict: index and fields of each account that was not written, after two leading items.</summary>
    internal RespReply[]? Parts { get; }

    internal static CommitReply Refused(string why) => new(CommitReplyKind.Refused, why);

    /// <summary>Reads the script's answer: the entry's id, or a list whose first item names the case.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="writer">The writer whose batch it must be about.</param>
    /// <param name="number">The batch's number.</param>
    /// <exception cref="InvalidOperationException">It is no answer of the script, or one to another call.</exception>
    internal static CommitReply Read(RespReply reply, string writer, long number)
    {
        if (reply.Kind == RespKind.Text)
            return new(CommitReplyKind.Committed, entry: ReadMarked((string)reply!, writer, number));
        var parts = (RespReply[]?)reply ?? throw new InvalidOperationException("Redis answered nothing.");
        return ReadMarked((string)parts[0]!, writer, number) switch
        {
            "conflict" => new(CommitReplyKind.Conflict, entry: (string)parts[1]!, parts: parts),
            "again" => new(CommitReplyKind.ConflictTold, (string)parts[2]!, (string)parts[1]!),
            "epoch" => new(CommitReplyKind.OtherEpoch, (string)parts[1]!),
            "rewound" => new(CommitReplyKind.Rewound, (string)parts[1]!),
            "full" => new(CommitReplyKind.JournalFull),
            "overtaken" => new(CommitReplyKind.Overtaken),
            var other => throw new InvalidOperationException("Redis answered '" + other + "'."),
        };
    }

    /// <summary>What stands before the mark, which must be that of the call.</summary>
    private static string ReadMarked(string said, string writer, long number)
    {
        var length = said.IndexOf(' ', StringComparison.Ordinal);
        var mark = length < 0 ? default : said.AsSpan(length + 1);
        if (mark.Length <= writer.Length + 1 || !mark.StartsWith(writer, StringComparison.Ordinal) || mark[writer.Length] != ' '
            || !long.TryParse(mark[(writer.Length + 1)..], CultureInfo.InvariantCulture, out var marked) || marked != number)
            throw new InvalidOperationException("Redis answered another call.");
        return said[..length];
    }
}
