namespace Processor.Security;

/// <summary>Keys of a terminal by ANSI X9.24-1: one for each transaction, from a base derivation key and the serial number.</summary>
internal static class DukptTdes
{
    private const ulong RegisterVariant = 0xC0C0_C0C0_0000_0000;
    private const int CounterBits = 21;

    /// <summary>The transaction's key, before it is made one for a purpose.</summary>
    /// <param name="baseKey">The base derivation key.</param>
    /// <param name="ksn">The serial number, 10 bytes as a number.</param>
    internal static (ulong Left, ulong Right) TransactionKey((ulong Left, ulong Right) baseKey, UInt128 ksn)
    {
        var counter = (uint)ksn & ((1u << CounterBits) - 1);
        var key = InitialKey(baseKey, ksn);
        var register = (ulong)ksn & ~((1ul << CounterBits) - 1);
        for (var bit = 1u << (CounterBits - 1); bit != 0; bit >>= 1)
        {
            if ((counter & bit) == 0)
                continue;
            register |= bit;
            key = (Step(key.Left ^ RegisterVariant, key.Right ^ RegisterVariant, register), Step(key.Left, key.Right, register));
        }

        return key;
    }

    /// <summary>The key for PIN encryption.</summary>
    internal static (ulong Left, ulong Right) PinKey((ulong Left, ulong Right) key) => (key.Left ^ 0xFF, key.Right ^ 0xFF);

    /// <summary>The key for the MAC of a request, or of a response.</summary>
    internal static (ulong Left, ulong Right) MacKey((ulong Left, ulong Right) key, bool isResponse)
    {
        var variant = isResponse ? 0xFF00_0000ul : 0xFF00ul;
        return (key.Left ^ variant, key.Right ^ variant);
    }

    private static (ulong Left, ulong Right) InitialKey((ulong Left, ulong Right) baseKey, UInt128 ksn)
    {
        var data = (ulong)(ksn >> 16) & ~0x1Ful;
        var plain = new TripleDesKey(baseKey.Left, baseKey.Right);
        var varied = new TripleDesKey(baseKey.Left ^ RegisterVariant, baseKey.Right ^ RegisterVariant);
        var key = (plain.Encrypt(data), varied.Encrypt(data));
        plain.Clear();
        varied.Clear();
        return key;
    }

    private static ulong Step(ulong left, ulong right, ulong register)
    {
        var key = new TripleDesKey(left, left);
        var next = key.EncryptSingle(register ^ right) ^ right;
        key.Clear();
        return next;
    }
}
