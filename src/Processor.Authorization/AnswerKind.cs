namespace Processor.Authorization;

/// <summary>What an answer says; with the reason, the network's table turns it into DE 39.</summary>
public enum AnswerKind : byte
{
    /// <summary>No answer was decided yet.</summary>
    None = 0,

    /// <summary>The whole amount: 00.</summary>
    Approved = 1,

    /// <summary>A part of the amount: 10.</summary>
    Partial = 2,

    /// <summary>A verification without objection: 85, or 00 where the program says so.</summary>
    Verified = 3,

    /// <summary>Declined for <see cref="AuthorizationAnswer.Reason"/>.</summary>
    Declined = 4,

    /// <summary>An advice or a reversal was taken in: 00.</summary>
    Accepted = 5,

    /// <summary>A reversal request whose original is not known: 25.</summary>
    UnknownOriginal = 6,
}
