namespace Processor.Iso8583;

/// <summary>Where and why a frame could not be read. It never holds content of the message.</summary>
/// <param name="Reason">Why; <see cref="ParseReason.None"/> when nothing is wrong.</param>
/// <param name="DataElement">The element being read: 0 for the MTI, 1 for the bitmaps.</param>
/// <param name="Offset">The byte, counted from the start of the frame, at which the wrong part starts.</param>
/// <param name="Actual">The length found, or the bytes that were left; 0 where neither applies.</param>
/// <param name="Limit">The length allowed, or the bytes that were needed; 0 where neither applies.</param>
public readonly record struct ParseError(ParseReason Reason, int DataElement, int Offset, int Actual, int Limit)
{
    /// <summary>One line such as <c>DE35 length at byte 118: 41 is longer than 37</c>.</summary>
    public override string ToString()
    {
        string part = DataElement switch { 0 => "MTI", 1 => "bitmap", _ => $"DE{DataElement}" };
        return Reason switch
        {
            ParseReason.None => "no error",
            ParseReason.TruncatedHeader => $"header at byte {Offset}: {Actual} of {Limit} bytes",
            ParseReason.TruncatedMti or ParseReason.TruncatedBitmap or ParseReason.TruncatedField =>
                $"{part} at byte {Offset}: {Actual} of {Limit} bytes",
            ParseReason.TruncatedLength => $"{part} length at byte {Offset}: {Actual} of {Limit} bytes",
            ParseReason.BadMti => $"MTI at byte {Offset}: not four digits",
            ParseReason.BadBitmap => $"bitmap at byte {Offset}: not a hexadecimal digit",
            ParseReason.BadLength => $"{part} length at byte {Offset}: not a number",
            ParseReason.BadCharacter => $"{part} at byte {Offset}: a character outside its class",
            ParseReason.LengthOverMax => $"{part} length at byte {Offset}: {Actual} is longer than {Limit}",
            ParseReason.UnknownField => $"{part} at byte {Offset}: not defined in this dialect",
            ParseReason.TrailingData => $"after {part} at byte {Offset}: {Actual} bytes too many",
            _ => throw new InvalidOperationException($"No words for {Reason}."),
        };
    }
}
