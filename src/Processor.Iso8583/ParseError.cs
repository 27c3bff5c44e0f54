namespace Processor.Iso8583;

/// <summary>Where and why a frame could not be read. It never holds content of the message.</summary>
/// <param name="Reason">Why; <see cref="ParseReason.None"/> when nothing is wrong.</param>
/// <param name="DataElement">
/// The element being read: 0 for the MTI, 1 for the bitmaps, <see cref="Header"/> for header and trailer.
/// </param>
/// <param name="Offset">The byte, counted from the start of the frame, at which the wrong part starts.</param>
/// <param name="Actual">
/// The length found, or the bytes that were left, or for a bad character how many bytes of its content stand before it.
/// </param>
/// <param name="Limit">The length allowed, or the bytes that were needed; 0 where neither applies.</param>
public readonly record struct ParseError(ParseReason Reason, int DataElement, int Offset, int Actual, int Limit)
{
    /// <summary>The <see cref="DataElement"/> of errors outside MTI, bitmaps and elements.</summary>
    public const int Header = -1;

    /// <summary>The part inside the element, <c>2.1</c>; the part of the header; <c>2</c> for the second bitmap. Null otherwise.</summary>
    public string? Part { get; init; }

    /// <summary>First byte of the content that the part lies in, counted from the start of the frame; 0 without a part.</summary>
    public int ContainerOffset { get; init; }

    /// <summary>One line such as <c>DE35 length at byte 118: 41 is longer than 37</c>.</summary>
    public override string ToString()
    {
        string part = Where();
        return Reason switch
        {
            ParseReason.None => "no error",
            ParseReason.TruncatedHeader => $"header at byte {Offset}: {Actual} of {Limit} bytes",
            ParseReason.TruncatedTrailer => $"trailer at byte {Offset}: {Actual} of {Limit} bytes",
            ParseReason.TruncatedMti or ParseReason.TruncatedBitmap or ParseReason.TruncatedField =>
                $"{part} at byte {Offset}: {Actual} of {Limit} bytes",
            ParseReason.TruncatedLength => $"{part} length at byte {Offset}: {Actual} of {Limit} bytes",
            ParseReason.BadMti => $"MTI at byte {Offset}: not four digits",
            ParseReason.BadBitmap => $"{part} at byte {Offset}: not a hexadecimal digit",
            ParseReason.BadLength when DataElement == Header => $"{part} at byte {Offset}: {Actual} where {Limit} is right",
            ParseReason.BadLength => $"{part} length at byte {Offset}: not a number that it can have",
            ParseReason.BadCharacter => $"{part} at byte {Offset}: a character outside its class",
            ParseReason.BadDate => $"{part} at byte {Offset}: no such date or time",
            ParseReason.BadTlv => $"{part} at byte {Offset}: no whole tag, length and value",
            ParseReason.LengthOverMax => $"{part} length at byte {Offset}: {Actual} is longer than {Limit}",
            ParseReason.UnknownField => $"{part} at byte {Offset}: not defined in this dialect",
            ParseReason.TrailingData => $"after {part} at byte {Offset}: {Actual} bytes too many",
            _ => throw new InvalidOperationException($"No words for {Reason}."),
        };
    }

    private string Where()
    {
        bool isBitmap = DataElement == 1 && Reason is not (ParseReason.UnknownField or ParseReason.LengthOverMax);
        return DataElement switch
        {
            Header => Part is null ? "header" : $"header {Part}",
            0 => "MTI",
            1 when isBitmap => Part is null ? "bitmap" : $"bitmap {Part}",
            _ => Part is null ? $"DE{DataElement}" : $"DE{DataElement}.{Part}",
        };
    }
}
