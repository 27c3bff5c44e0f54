namespace Processor.Iso8583;

/// <summary>Why a message could not be written.</summary>
public enum WriteStatus : byte
{
    /// <summary>Nothing went wrong.</summary>
    Written,

    /// <summary>The target has no room.</summary>
    BufferTooShort,

    /// <summary>The dialect does not define the element.</summary>
    UnknownElement,

    /// <summary>The element was set before.</summary>
    DuplicateElement,

    /// <summary>The content is longer than the element.</summary>
    TooLong,

    /// <summary>The content holds a character that the element cannot.</summary>
    BadCharacter,

    /// <summary>A fixed element of bytes or raw content has another length than its format.</summary>
    WrongLength,

    /// <summary>No message has been begun.</summary>
    NotBegun,

    /// <summary>A part was set out of its order, or one that must stand before it was left out.</summary>
    MissingPart,
}
