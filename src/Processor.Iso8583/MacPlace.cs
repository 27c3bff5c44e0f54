namespace Processor.Iso8583;

/// <summary>
/// Where a message's authentication code stands: in its last element, which is DE 128 when there is a second bitmap and
/// DE 64 otherwise. The code covers what stands before it, and the bitmap in which its own bit is set.
/// </summary>
public readonly struct MacPlace
{
    private readonly Dialect _dialect;

    internal MacPlace(Dialect dialect, int dataElement, int mti, int offset)
    {
        _dialect = dialect;
        DataElement = dataElement;
        MtiOffset = mti;
        Offset = offset;
    }

    /// <summary>64 or 128; 0 when the message has no code.</summary>
    public int DataElement { get; }

    /// <summary>Bytes of the dialect's header, before the MTI.</summary>
    public int MtiOffset { get; }

    /// <summary>Bytes of the message before the code's element.</summary>
    public int Offset { get; }

    /// <summary>Writes a code; one that is shorter than the element has zeros behind it.</summary>
    /// <param name="message">The whole message, as it was finished.</param>
    /// <param name="code">At most as many bytes as the element has.</param>
    public void Write(Span<byte> message, ReadOnlySpan<byte> code)
    {
        ref readonly var plan = ref _dialect.Plans[DataElement];
        var target = message.Slice(Offset, plan.BytesMax);
        Span<byte> bytes = stackalloc byte[plan.UnitsMax];
        bytes.Clear();
        code.CopyTo(bytes);
        if (plan.IsHex)
            ContentWriter.WriteHex(bytes, plan.CodePage, target);
        else
            bytes.CopyTo(target);
    }
}
