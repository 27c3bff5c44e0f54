namespace Processor.Iso8583;

/// <summary>What a dialect lets pass that is an error otherwise.</summary>
[Flags]
internal enum DialectRelaxation
{
    None = 0,

    /// <summary>Bytes behind the last element.</summary>
    TrailingData = 1,

    /// <summary>Text outside its class, as long as it can be decoded.</summary>
    Characters = 2,

    /// <summary>Parts of an element that cannot be read; the element itself can.</summary>
    Parts = 4,
}
