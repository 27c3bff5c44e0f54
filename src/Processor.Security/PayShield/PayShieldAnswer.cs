namespace Processor.Security;

/// <summary>What came back for a command. Prints its status.</summary>
/// <param name="status">What its error code means, or why there is no answer.</param>
/// <param name="fields">What follows the error code; empty when there is no answer.</param>
internal readonly struct PayShieldAnswer(HsmStatus status, ReadOnlyMemory<byte> fields = default)
{
    internal HsmStatus Status { get; } = status;

    internal ReadOnlyMemory<byte> Fields { get; } = fields;

    /// <summary>Whether the device said something, whatever it was.</summary>
    internal bool IsFromDevice { get; private init; }

    /// <summary>Reads what follows the header.</summary>
    /// <param name="body"><c>code(2) error(2) fields</c></param>
    /// <param name="expects">The code that the command's answer has.</param>
    internal static PayShieldAnswer Read(ReadOnlySpan<byte> body, ushort expects)
    {
        if (body.Length < PayShieldFrame.AnswerLengthMin || ((body[0] << 8) | body[1]) != expects)
            return new(HsmStatus.DeviceFault);
        var fields = body[PayShieldFrame.AnswerLengthMin..];
        return new(PayShieldErrors.StatusOf(body[2], body[3]), fields.IsEmpty ? default : fields.ToArray()) { IsFromDevice = true };
    }

    /// <inheritdoc/>
    public override string ToString() => Status.ToString();
}
