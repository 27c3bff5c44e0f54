using Processor.Security;

namespace Processor.Authorization;

/// <summary>A PIN in a block under a key of the security module, between the façade and the module. Prints a mask.</summary>
/// <param name="Format">By ISO 9564-1: 0, 1, 3 or 4.</param>
/// <param name="Block">8 or 16 bytes.</param>
public readonly record struct SealedPin(byte Format, ReadOnlyMemory<byte> Block)
{
    /// <inheritdoc/>
    public override string ToString() => "SealedPin ****";

    // As an order for a chip carries it: format(1) block(8 or 16)
    internal static byte[] Write(PinBlockFormat format, in PinBlock block)
    {
        var bytes = new byte[1 + block.Length];
        bytes[0] = (byte)format;
        block.CopyTo(bytes.AsSpan(1));
        return bytes;
    }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out PinBlockFormat format, out PinBlock block)
    {
        format = default;
        block = default;
        if (bytes.IsEmpty || !PinBlock.TryFrom(bytes[1..], out block))
            return false;
        format = (PinBlockFormat)bytes[0];
        return true;
    }
}
