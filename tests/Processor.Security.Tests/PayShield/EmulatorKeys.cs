using System.Buffers.Binary;
using System.Text;

namespace Processor.Security.Tests;

/// <summary>The emulator's master key: a token is <c>U</c> and a double-length key under it, and only a key of odd parity is one.</summary>
internal static class EmulatorKeys
{
    private static readonly byte[] Master = Convert.FromHexString("20202020202020203131313131313131");

    internal static string Token(string key)
    {
        var bytes = Convert.FromHexString(key);
        Parity.Adjust(bytes);
        var master = new TripleDesKey(Master);
        Modes.EncryptEcb(ref master, bytes);
        return "U" + Convert.ToHexString(bytes);
    }

    internal static bool TryOpen(ReadOnlySpan<byte> token, out byte[] key)
    {
        key = Convert.FromHexString(Encoding.ASCII.GetString(token[1..]));
        var master = new TripleDesKey(Master);
        Modes.DecryptEcb(ref master, key);
        return Parity.IsOdd(key);
    }

    internal static (ulong Left, ulong Right) Halves(byte[] key) =>
        (BinaryPrimitives.ReadUInt64BigEndian(key), BinaryPrimitives.ReadUInt64BigEndian(key.AsSpan(8)));
}
