using StackExchange.Redis;

namespace Processor.Ledger;

/// <summary>What is known of a batch once its script call has an outcome.</summary>
internal readonly struct CommitReply
{
    private CommitReply(CommitReplyKind kind, string detail = "", RedisResult[]? parts = null)
    {
        Kind = kind;
        Detail = detail;
        Parts = parts;
    }

    internal CommitReplyKind Kind { get; }

    /// <summary>For the log.</summary>
    internal string Detail { get; }

    /// <summary>For a conflict: index and fields of each account that was not written, after one leading item.</summary>
    internal RedisResult[]? Parts { get; }

    internal static CommitReply Refused(string why) => new(CommitReplyKind.Refused, why);

    /// <summary>Reads the script's answer: an empty string, or a list whose first item names the case.</summary>
    internal static CommitReply Read(RedisResult reply)
    {
        if (reply.IsNull)
            return Refused("Redis answered nothing.");
        if (reply.ToString() is { Length: 0 })
            return new(CommitReplyKind.Committed);
        var parts = (RedisResult[])reply!;
        return (string)parts[0]! switch
        {
            "conflict" => new(CommitReplyKind.Conflict, parts: parts),
            "again" => new(CommitReplyKind.ConflictTold, (string)parts[1]!),
            "epoch" => new(CommitReplyKind.OtherEpoch, (string)parts[1]!),
            "full" => new(CommitReplyKind.JournalFull),
            var other => new(CommitReplyKind.Overtaken, other),
        };
    }
}
