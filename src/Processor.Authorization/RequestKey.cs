using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Processor.Cards;

namespace Processor.Authorization;

/// <summary>What makes two messages the same: network, acquirer, STAN, RRN (DE 7 where there is none), terminal and class, within the PAN.</summary>
/// <remarks>The key is the first 128 bits of SHA-256, so nobody can craft two messages that collide. An xxx1 has the key of its xxx0.</remarks>
public static class RequestKey
{
    // class(1) network(2) acquirer(8) stan(4) transmission(4) rrn(12) terminal(8) pan hash(16)
    private const int Length = 1 + 2 + 8 + 4 + 4 + 12 + 8 + 16;

    /// <summary>The key of a message. Its PAN hash must be set.</summary>
    public static UInt128 Of(in AuthorizationRequest request)
    {
        Span<byte> parts = stackalloc byte[Length];
        parts.Clear();
        parts[0] = (byte)request.Class;
        BinaryPrimitives.WriteUInt16LittleEndian(parts[1..], request.Network);
        BinaryPrimitives.WriteUInt64LittleEndian(parts[3..], request.Acquirer);
        BinaryPrimitives.WriteUInt32LittleEndian(parts[11..], request.Stan);
        ReadOnlySpan<byte> reference = request.RetrievalReference;
        if (reference.ContainsAnyExcept((byte)0, (byte)' '))
            reference.CopyTo(parts[19..]);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(parts[15..], request.Transmission);
        ((ReadOnlySpan<byte>)request.Terminal).CopyTo(parts[31..]);
        BinaryPrimitives.WriteUInt128LittleEndian(parts[39..], request.Pan.Value);
        return Hash(parts);
    }

    /// <summary>The id of an operation that a program asks for: its idempotency key within the tenant, and which of its steps.</summary>
    public static UInt128 OfOperation(Ulid tenant, string idempotencyKey, string step)
    {
        var text = Encoding.UTF8.GetBytes(tenant + "\n" + step + "\n" + idempotencyKey);
        return Hash(text);
    }

    private static UInt128 Hash(ReadOnlySpan<byte> parts)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(parts, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
