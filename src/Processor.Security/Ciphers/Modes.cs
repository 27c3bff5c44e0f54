using System.Buffers.Binary;

namespace Processor.Security;

/// <summary>Electronic code book and cipher block chaining over whole blocks, where they stand.</summary>
internal static class Modes
{
    internal static void EncryptEcb<TKey>(ref TKey key, Span<byte> data)
        where TKey : struct, IBlockKey
    {
        for (; !data.IsEmpty; data = data[TKey.BlockLength..])
            key.Encrypt(data[..TKey.BlockLength]);
    }

    internal static void DecryptEcb<TKey>(ref TKey key, Span<byte> data)
        where TKey : struct, IBlockKey
    {
        for (; !data.IsEmpty; data = data[TKey.BlockLength..])
            key.Decrypt(data[..TKey.BlockLength]);
    }

    internal static void EncryptCbc<TKey>(ref TKey key, ReadOnlySpan<byte> iv, Span<byte> data)
        where TKey : struct, IBlockKey
    {
        for (; !data.IsEmpty; data = data[TKey.BlockLength..])
        {
            var block = data[..TKey.BlockLength];
            Xor(block, iv);
            key.Encrypt(block);
            iv = block;
        }
    }

    internal static void DecryptCbc<TKey>(ref TKey key, ReadOnlySpan<byte> iv, Span<byte> data)
        where TKey : struct, IBlockKey
    {
        Span<byte> previous = stackalloc byte[TKey.BlockLength];
        Span<byte> current = stackalloc byte[TKey.BlockLength];
        iv.CopyTo(previous);
        for (; !data.IsEmpty; data = data[TKey.BlockLength..])
        {
            var block = data[..TKey.BlockLength];
            block.CopyTo(current);
            key.Decrypt(block);
            Xor(block, previous);
            current.CopyTo(previous);
        }
    }

    internal static void Xor(Span<byte> target, ReadOnlySpan<byte> other)
    {
        for (; target.Length >= 8 && other.Length >= 8; target = target[8..], other = other[8..])
            BinaryPrimitives.WriteUInt64LittleEndian(target, BinaryPrimitives.ReadUInt64LittleEndian(target) ^ BinaryPrimitives.ReadUInt64LittleEndian(other));
        for (var index = 0; index < target.Length; index++)
            target[index] ^= other[index];
    }
}
