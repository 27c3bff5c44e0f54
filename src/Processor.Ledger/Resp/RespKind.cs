namespace Processor.Ledger;

/// <summary>What a reply of Redis is, in version 2 of its protocol.</summary>
internal enum RespKind
{
    /// <summary>Nothing, where a text or a list could be.</summary>
    Null,

    /// <summary>A text, whether it came as a simple or as a bulk string.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>Replies in order.</summary>
    List,

    /// <summary>A refusal; its first word says which.</summary>
    Error,
}
