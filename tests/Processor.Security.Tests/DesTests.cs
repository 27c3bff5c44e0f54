using System.Buffers.Binary;
using System.Security.Cryptography;
using Processor.Testing;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Our DES beside the framework's.</summary>
public sealed class DesTests
{
    // A million blocks: 2,500 keys with 200 blocks each way. The framework takes a buffer of blocks at once.
    private const int Keys = 2_500;
    private const int Blocks = 200;

    [Fact]
    public void A_million_random_blocks_are_as_the_framework_has_them() => Seeds.Run(20261121, Compare);

    [Theory]
    [InlineData(0x0101010101010101ul, 0x0101010101010101ul)]
    [InlineData(0x2315208C9110AD40ul, 0x2315208C9110AD40ul)]
    [InlineData(0xFEFEFEFEFEFEFEFEul, 0x1F1F1F1F0E0E0E0Eul)]
    public void A_key_that_the_framework_refuses_still_decrypts_what_it_encrypts(ulong left, ulong right)
    {
        var key = new TripleDesKey(left, right);

        Assert.Equal(0x0123456789ABCDEFul, key.Decrypt(key.Encrypt(0x0123456789ABCDEFul)));
    }

    [Fact]
    public void Parity_bits_change_nothing()
    {
        var key = new TripleDesKey(0x0123456789ABCDEF, 0xFEDCBA9876543210);
        var other = new TripleDesKey(0x0022446688AACCEE, 0xFFDDBB9977553311);

        Assert.Equal(key.Encrypt(42), other.Encrypt(42));
    }

    [Fact]
    public void An_aes_block_is_as_the_framework_has_it_for_every_length_of_key()
    {
        var random = new Random(20261121);
        foreach (var length in new[] { 16, 24, 32 })
        {
            for (var round = 0; round < 500; round++)
            {
                var bytes = Bytes(random, length);
                var block = Bytes(random, 16);
                using var framework = Aes.Create();
                framework.Key = bytes;
                var expected = framework.EncryptEcb(block, PaddingMode.None);
                var key = new AesKey(bytes);
                var ours = (byte[])block.Clone();

                key.Encrypt(ours);

                Assert.Equal(expected, ours);
                key.Decrypt(ours);
                Assert.Equal(block, ours);
            }
        }
    }

    private static void Compare(Random random)
    {
        for (var round = 0; round < Keys; round++)
        {
            // Double length every other time; the framework wants three parts.
            var bytes = Bytes(random, 24);
            if ((round & 1) == 0)
                bytes.AsSpan(0, 8).CopyTo(bytes.AsSpan(16));
            var clear = Bytes(random, 8 * Blocks);
#pragma warning disable CA5350 // It is the yardstick here.
            using var framework = TripleDES.Create();
#pragma warning restore CA5350
            framework.Key = bytes;
            var cipher = framework.EncryptEcb(clear, PaddingMode.None);
            var opened = framework.DecryptEcb(clear, PaddingMode.None);
            var key = (round & 1) == 0 ? new TripleDesKey(bytes.AsSpan(0, 16)) : new TripleDesKey(bytes);
            for (var at = 0; at < clear.Length; at += 8)
            {
                var block = BinaryPrimitives.ReadUInt64BigEndian(clear.AsSpan(at));
                if (key.Encrypt(block) != BinaryPrimitives.ReadUInt64BigEndian(cipher.AsSpan(at))
                    || key.Decrypt(block) != BinaryPrimitives.ReadUInt64BigEndian(opened.AsSpan(at)))
                {
                    Assert.Fail($"Key {round}, block {at / 8} differs.");
                }
            }
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
