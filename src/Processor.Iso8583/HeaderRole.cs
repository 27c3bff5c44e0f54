namespace Processor.Iso8583;

/// <summary>What a part of a header is for.</summary>
public enum HeaderRole : byte
{
    /// <summary>Kept, and given back in the reply.</summary>
    Echo,

    /// <summary>Bytes that follow it in the message; checked when read, computed when written.</summary>
    FrameLength,

    /// <summary>Bytes of the whole header; it makes the header variable.</summary>
    HeaderLength,

    /// <summary>Who the message goes to: a reply has the source of its request here.</summary>
    Destination,

    /// <summary>Who the message comes from: a reply has the destination of its request here.</summary>
    Source,
}
