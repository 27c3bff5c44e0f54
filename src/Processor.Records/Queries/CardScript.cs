using Processor.Cards;

namespace Processor.Records;

/// <summary>A command that was ordered for a card's chip, and what became of it.</summary>
public sealed record CardScript
{
    /// <summary>Its identifier in the façade.</summary>
    public required Ulid Id { get; init; }

    /// <summary>Its number; a chip gets them in that order.</summary>
    public int Number { get; init; }

    /// <summary>The card.</summary>
    public required Ulid CardId { get; init; }

    /// <summary>What the chip is to do, in the table's words.</summary>
    public required string Command { get; init; }

    /// <summary>0x71 or 0x72.</summary>
    public short Template { get; init; }

    /// <summary>As in <see cref="ScriptOrder"/>.</summary>
    public int DataObject { get; init; }

    /// <summary>The value of the data object; empty for all other commands.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>When it was ordered.</summary>
    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>When an answer was seen to have had it; null while none has.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>When it was taken back; null while it is not. One that was on its way already may have been sent all the same.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>The first byte of the chip's own result (9F5B); null while it has told none.</summary>
    public short? Result { get; init; }

    /// <summary>When that was seen.</summary>
    public DateTimeOffset? ResultAt { get; init; }

    /// <summary><c>waiting</c>, <c>sent</c>, <c>succeeded</c>, <c>failed</c> or <c>not_performed</c> as the chip told, or <c>cancelled</c>. What was taken back and
    /// sent all the same is what was sent.</summary>
    public string State => this switch
    {
        // EMV Book 4 annex A5: the result is in the higher four bits.
        { Result: { } result } => (result >> 4) switch { 2 => "succeeded", 1 => "failed", 0 => "not_performed", _ => "sent" },
        { SentAt: not null } => "sent",
        { CancelledAt: not null } => "cancelled",
        _ => "waiting",
    };
}
