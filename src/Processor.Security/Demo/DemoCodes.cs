using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>The authentication codes of a link with the demo's key, as the network makes and checks them: retail MAC (ISO 9797-1 algorithm 3)
/// with zeros as padding. For the network in a box and for tests. Prints a mask.</summary>
public sealed class DemoCodes
{
    /// <summary>Bytes of a code.</summary>
    public const int Length = 8;

    private TripleDesKey key = DemoKeys.Des(DemoKeys.ZoneMacs);

    /// <summary>Makes the code of a message.</summary>
    /// <param name="covered">From the MTI to what stands before the code.</param>
    /// <param name="code">Room for <see cref="Length"/> bytes.</param>
    public void Make(ReadOnlySpan<byte> covered, Span<byte> code) =>
        BinaryPrimitives.WriteUInt64BigEndian(code, RetailMac.Algorithm3(ref key, covered, MacPadding.Method1));

    /// <summary>Whether a code is the message's.</summary>
    public bool IsRight(ReadOnlySpan<byte> covered, ReadOnlySpan<byte> code)
    {
        Span<byte> right = stackalloc byte[Length];
        Make(covered, right);
        return CryptographicOperations.FixedTimeEquals(right, code);
    }

    /// <inheritdoc/>
    public override string ToString() => "DemoCodes ****";
}
