using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>A double-length DES key that works with the framework's ciphers: a witness beside the module, which has its own.</summary>
internal sealed class FrameworkKey
{
    // Any bytes whose halves differ: the framework refuses keys that come to single DES.
    private static readonly byte[] Mask = Convert.FromHexString("2C3D4E5F6071829323344556677889AB");

    private readonly byte[] bytes;

    internal FrameworkKey(ulong left, ulong right)
    {
        bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, left);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), right);
        foreach (ref var item in bytes.AsSpan())
            item = (byte)((item & 0xFE) | ((BitOperations.PopCount(item & 0xFEu) & 1) ^ 1));
    }

    /// <summary>A key that only this name leads to; the demo's when the name is one of <see cref="DemoKeys"/>.</summary>
    internal static FrameworkKey Named(string name)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes("Processor demo key " + name));
        return new(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash.AsSpan(8)));
    }

    /// <summary>Gives the key to a module as two components, and makes it active.</summary>
    internal async Task AddToAsync(SoftwareHsm hsm, string name, KeyUsage usage, KeyMode mode = KeyMode.GenerateAndVerify)
    {
        var rest = bytes.Zip(Mask, (item, mask) => (byte)(item ^ mask)).ToArray();
        var template = new KeyTemplate(name, usage, KeyAlgorithm.TripleDes, mode);
        var taken = await hsm.Keys.ImportComponentsAsync(template, [new(Mask, CheckValue(Mask)), new(rest, CheckValue(rest))], CheckValue(bytes), CancellationToken.None);
        Assert.Equal(HsmStatus.Ok, taken.Status);
        Assert.Equal(HsmStatus.Ok, (await hsm.Keys.ActivateKeyAsync(taken.Key!.Key, CancellationToken.None)).Status);
    }

    /// <summary>Its bytes, for derivations that take keys as data.</summary>
    internal (ulong Left, ulong Right) Halves => (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8)));

    /// <summary>One block under the whole key.</summary>
    internal ulong Encrypt(ulong block)
    {
#pragma warning disable CA5350 // The schemes have triple DES.
        using var cipher = TripleDES.Create();
#pragma warning restore CA5350
        cipher.Key = [.. bytes, .. bytes.AsSpan(0, 8)];
        return Block(cipher, block, isEncrypting: true);
    }

    /// <summary>One block under the first half.</summary>
    internal ulong EncryptFirst(ulong block) => Single(bytes.AsSpan(0, 8), block, isEncrypting: true);

    /// <summary>The key pair that two blocks lead to.</summary>
    internal FrameworkKey Derive(ulong left, ulong right) => new(Encrypt(left), Encrypt(right));

    /// <summary>ISO 9797-1 algorithm 3: single DES, and at the end both halves.</summary>
    /// <param name="data">What is covered.</param>
    /// <param name="isMarked">Padding method 2, 80 and zeros; otherwise zeros where they are needed.</param>
    internal ulong RetailMac(ReadOnlySpan<byte> data, bool isMarked)
    {
        byte[] padded = isMarked ? [.. data, 0x80] : [.. data];
        Array.Resize(ref padded, (padded.Length + 7) / 8 * 8);
        ulong state = 0;
        for (var start = 0; start < padded.Length; start += 8)
            state = EncryptFirst(state ^ BinaryPrimitives.ReadUInt64BigEndian(padded.AsSpan(start)));
        return EncryptFirst(Single(bytes.AsSpan(8), state, isEncrypting: false));
    }

    private static string CheckValue(byte[] key) =>
        Convert.ToHexString(BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(
            new FrameworkKey(BinaryPrimitives.ReadUInt64BigEndian(key), BinaryPrimitives.ReadUInt64BigEndian(key.AsSpan(8))).Encrypt(0))))[..6];

    private static ulong Single(ReadOnlySpan<byte> key, ulong block, bool isEncrypting)
    {
#pragma warning disable CA5351 // Codes of the schemes go through single DES.
        using var cipher = DES.Create();
#pragma warning restore CA5351
        cipher.Key = key.ToArray();
        return Block(cipher, block, isEncrypting);
    }

    private static ulong Block(SymmetricAlgorithm cipher, ulong block, bool isEncrypting)
    {
        Span<byte> source = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(source, block);
        var target = isEncrypting ? cipher.EncryptEcb(source, PaddingMode.None) : cipher.DecryptEcb(source, PaddingMode.None);
        return BinaryPrimitives.ReadUInt64BigEndian(target);
    }
}
