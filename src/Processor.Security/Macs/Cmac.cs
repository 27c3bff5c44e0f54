namespace Processor.Security;

/// <summary>CMAC of NIST SP 800-38B, over DES or AES.</summary>
internal static class Cmac
{
    /// <summary>Computes the code.</summary>
    /// <param name="key">The key.</param>
    /// <param name="data">Any length.</param>
    /// <param name="target">At least a block's length.</param>
    internal static void Compute<TKey>(ref TKey key, ReadOnlySpan<byte> data, Span<byte> target)
        where TKey : struct, IBlockKey
    {
        var state = target[..TKey.BlockLength];
        state.Clear();
        for (; data.Length > TKey.BlockLength; data = data[TKey.BlockLength..])
        {
            Modes.Xor(state, data[..TKey.BlockLength]);
            key.Encrypt(state);
        }

        Span<byte> mask = stackalloc byte[TKey.BlockLength];
        mask.Clear();
        key.Encrypt(mask);
        Double(mask);
        if (data.Length < TKey.BlockLength)
        {
            Double(mask);
            state[data.Length] ^= 0x80;
        }

        for (var index = 0; index < data.Length; index++)
            state[index] ^= data[index];
        Modes.Xor(state, mask);
        key.Encrypt(state);
        mask.Clear();
    }

    private static void Double(Span<byte> block)
    {
        var reduction = (byte)((block[0] >> 7) * (block.Length == 16 ? 0x87 : 0x1B));
        for (var index = 0; index < block.Length - 1; index++)
            block[index] = (byte)((block[index] << 1) | (block[index + 1] >> 7));
        block[^1] = (byte)((block[^1] << 1) ^ reduction);
    }
}
