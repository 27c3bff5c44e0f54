using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using AesNi = System.Runtime.Intrinsics.X86.Aes;

namespace Processor.Security;

/// <summary>An AES key of 16, 24 or 32 bytes, expanded for the processor's instructions. Where it has none the framework is asked,
/// which allocates. Lives on the stack or in pinned memory; the owner clears it.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Keys are not compared.")]
internal struct AesKey : IBlockKey
{
    private RoundKeys keys;
    private readonly int rounds;

    /// <inheritdoc/>
    public static int BlockLength => 16;

    internal AesKey(ReadOnlySpan<byte> key)
    {
        Unsafe.SkipInit(out this);
        rounds = (key.Length / 4) + 6;
        var bytes = Bytes;
        key.CopyTo(bytes);
        if (AesNi.IsSupported)
            Expand(bytes, key.Length / 4);
    }

    [UnscopedRef]
    private Span<byte> Bytes => MemoryMarshal.AsBytes((Span<Vector128<byte>>)keys);

    /// <inheritdoc/>
    public void Encrypt(Span<byte> block)
    {
        if (!AesNi.IsSupported)
        {
            using var aes = Framework();
            aes.EncryptEcb(block[..16], block, PaddingMode.None);
            return;
        }

        var state = Vector128.Create<byte>(block) ^ keys[0];
        for (var round = 1; round < rounds; round++)
            state = AesNi.Encrypt(state, keys[round]);
        AesNi.EncryptLast(state, keys[rounds]).CopyTo(block);
    }

    /// <inheritdoc/>
    public void Decrypt(Span<byte> block)
    {
        if (!AesNi.IsSupported)
        {
            using var aes = Framework();
            aes.DecryptEcb(block[..16], block, PaddingMode.None);
            return;
        }

        var state = Vector128.Create<byte>(block) ^ keys[rounds];
        for (var round = rounds - 1; round > 0; round--)
            state = AesNi.Decrypt(state, AesNi.InverseMixColumns(keys[round]));
        AesNi.DecryptLast(state, keys[0]).CopyTo(block);
    }

    /// <summary>Overwrites the key.</summary>
    internal void Clear() => CryptographicOperations.ZeroMemory(Bytes);

    private Aes Framework()
    {
        var aes = Aes.Create();
        aes.SetKey(Bytes[..((rounds - 6) * 4)]);
        return aes;
    }

    // FIPS 197 section 5.2. The words stand in memory as the instructions read them, so the rotation is to the right.
    private void Expand(Span<byte> bytes, int keyWords)
    {
        var words = MemoryMarshal.Cast<byte, uint>(bytes);
        uint constant = 1;
        for (var index = keyWords; index < 4 * (rounds + 1); index++)
        {
            var word = words[index - 1];
            if (index % keyWords == 0)
            {
                word = System.Numerics.BitOperations.RotateRight(Substitute(word), 8) ^ constant;
                constant = (constant << 1) ^ ((constant >> 7) * 0x11B);
            }
            else if (keyWords > 6 && index % keyWords == 4)
            {
                word = Substitute(word);
            }

            words[index] = words[index - keyWords] ^ word;
        }
    }

    private static uint Substitute(uint word) =>
        AesNi.KeygenAssist(Vector128.Create(word).AsByte(), 0).AsUInt32().ToScalar();

    [InlineArray(15)]
    private struct RoundKeys
    {
        private Vector128<byte> first;
    }
}
