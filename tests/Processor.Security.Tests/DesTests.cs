using System.Buffers.Binary;
using System.Security.Cryptography;
using Processor.Testing;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Our DES beside the framework's.</summary>
public sealed class DesTests
{
    // A million blocks, each of them both encrypted and decrypted: 50,000 keys with 20 blocks. The framework takes a buffer of blocks
    // at once. PROCESSOR_MUTATIONS gives more keys.
    private const int Keys = 50_000;
    private const int Blocks = 20;

    [Fact]
    public void A_million_random_blocks_are_as_the_framework_has_them() => Seeds.Run(20261121, Compare);

    [Fact]
    public void Single_keys_are_as_the_framework_has_them() => Seeds.Run(20261121, CompareSingle);

    // FIPS 74: a weak key's encryption undoes itself, and each of a pair of semi-weak keys undoes the other.
    [Theory]
    [InlineData(0x0101010101010101ul, 0x0101010101010101ul)]
    [InlineData(0xFEFEFEFEFEFEFEFEul, 0xFEFEFEFEFEFEFEFEul)]
    [InlineData(0xE0E0E0E0F1F1F1F1ul, 0xE0E0E0E0F1F1F1F1ul)]
    [InlineData(0x1F1F1F1F0E0E0E0Eul, 0x1F1F1F1F0E0E0E0Eul)]
    [InlineData(0x01FE01FE01FE01FEul, 0xFE01FE01FE01FE01ul)]
    [InlineData(0x1FE01FE00EF10EF1ul, 0xE01FE01FF10EF10Eul)]
    [InlineData(0x01E001E001F101F1ul, 0xE001E001F101F101ul)]
    [InlineData(0x1FFE1FFE0EFE0EFEul, 0xFE1FFE1FFE0EFE0Eul)]
    [InlineData(0x011F011F010E010Eul, 0x1F011F010E010E01ul)]
    [InlineData(0xE0FEE0FEF1FEF1FEul, 0xFEE0FEE0FEF1FEF1ul)]
    public void A_weak_key_undoes_itself_and_a_semi_weak_one_its_twin(ulong left, ulong right)
    {
        var first = new TripleDesKey(left, left);
        var second = new TripleDesKey(right, right);

        Assert.Equal(0x0123456789ABCDEFul, second.EncryptSingle(first.EncryptSingle(0x0123456789ABCDEFul)));
        Assert.Equal(0x0123456789ABCDEFul, first.EncryptSingle(second.EncryptSingle(0x0123456789ABCDEFul)));
    }

    // Exclusive-or of half and round key is all that a key does, so both complements cancel out.
    [Fact]
    public void The_complement_of_key_and_block_gives_the_complement()
    {
        var key = new TripleDesKey(0x133457799BBCDFF1, 0x133457799BBCDFF1);
        var other = new TripleDesKey(~0x133457799BBCDFF1ul, ~0x133457799BBCDFF1ul);

        Assert.Equal(0x85E813540F0AB405ul, key.EncryptSingle(0x0123456789ABCDEF));
        Assert.Equal(~0x85E813540F0AB405ul, other.EncryptSingle(~0x0123456789ABCDEFul));
    }

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
        var keys = Math.Max(Keys, Mutations.Count(Keys));
        for (var round = 0; round < keys; round++)
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

    private static void CompareSingle(Random random)
    {
        var keys = Math.Max(Keys, Mutations.Count(Keys));
        for (var round = 0; round < keys; round++)
        {
            var bytes = Bytes(random, 8);
            var clear = Bytes(random, 8);
#pragma warning disable CA5351 // It is the yardstick here.
            using var framework = DES.Create();
#pragma warning restore CA5351
            framework.Key = bytes;
            var cipher = framework.EncryptEcb(clear, PaddingMode.None);

            Assert.Equal(BinaryPrimitives.ReadUInt64BigEndian(cipher), new TripleDesKey(bytes).EncryptSingle(BinaryPrimitives.ReadUInt64BigEndian(clear)));
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
