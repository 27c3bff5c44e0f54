using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>Check values, by which people tell keys apart without seeing them.</summary>
internal static class KeyCheckValue
{
    /// <summary>The first bytes of zeros encrypted under a DES key.</summary>
    internal static void OfDes(ReadOnlySpan<byte> key, Span<byte> target)
    {
        Span<byte> block = stackalloc byte[8];
        block.Clear();
        var schedule = new TripleDesKey(key);
        schedule.Encrypt(block);
        schedule.Clear();
        block[..target.Length].CopyTo(target);
    }

    /// <summary>The first bytes of the CMAC of a block of zeros under an AES key (X9.143 annex).</summary>
    internal static void OfAes(ReadOnlySpan<byte> key, Span<byte> target)
    {
        Span<byte> zeros = stackalloc byte[16];
        Span<byte> code = stackalloc byte[16];
        zeros.Clear();
        var schedule = new AesKey(key);
        Cmac.Compute(ref schedule, zeros, code);
        schedule.Clear();
        code[..target.Length].CopyTo(target);
    }

    /// <summary>What <see cref="KeyInfo.CheckValue"/> says: 3 bytes of a DES key, 5 of an AES key, 5 of the HMAC of nothing.</summary>
    internal static string Text(KeyAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        Span<byte> value = stackalloc byte[HMACSHA256.HashSizeInBytes];
        switch (algorithm)
        {
            case KeyAlgorithm.Aes:
                OfAes(key, value[..5]);
                return Convert.ToHexString(value[..5]);
            case KeyAlgorithm.Hmac:
                HMACSHA256.HashData(key, [], value);
                return Convert.ToHexString(value[..5]);
            default:
                OfDes(key, value[..3]);
                return Convert.ToHexString(value[..3]);
        }
    }
}
