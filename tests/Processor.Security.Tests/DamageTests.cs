using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Processor.Cards;
using Processor.Testing;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Every reader of bytes from outside, at every truncation and under seeded damage: a typed answer, never an exception, and never a key or
/// a PIN that was not there. <see cref="Mutations"/> makes the runs longer.</summary>
public sealed class DamageTests
{
    private const int Seed = 20261121;

    public static TheoryData<char, int> Versions() => new() { { 'A', 16 }, { 'B', 16 }, { 'B', 24 }, { 'C', 16 }, { 'D', 16 }, { 'D', 32 } };

    [Theory]
    [MemberData(nameof(Versions))]
    public void No_damage_to_a_key_block_gives_a_key(char version, int protectionLength)
    {
        var rounds = Mutations.Count(5_000);
        Seeds.Run(Seed, random =>
        {
            var protection = Bytes(random, protectionLength);
            var block = Wrapped(random, protection, version, out var clear);
            var key = new byte[64];
            Assert.Equal(KeyBlockFault.None, KeyBlock.Unwrap(protection, block, out _, key, out var whole));
            Assert.Equal(clear, key[..whole]);
            for (var length = 0; length < block.Length; length++)
                Assert.NotEqual(KeyBlockFault.None, KeyBlock.Unwrap(protection, block.AsSpan(0, length), out _, key, out _));
            for (var place = 0; place < block.Length; place++)
                Refused(protection, Changed(block, place, (byte)(block[place] ^ 1)), block);
            for (var round = 0; round < rounds; round++)
                Refused(protection, Damaged(random, block), block);
        });
    }

    [Fact]
    public void No_bytes_break_the_reader_of_key_block_headers()
    {
        var rounds = Mutations.Count(50_000);
        Seeds.Run(Seed, random =>
        {
            // Mostly digits and letters, so that lengths and counts are often readable.
            var letters = "0123456789ABCDEF0011AB"u8;
            for (var round = 0; round < rounds; round++)
            {
                var text = new byte[random.Next(0, 80)];
                for (var index = 0; index < text.Length; index++)
                    text[index] = random.Next(20) == 0 ? (byte)random.Next(256) : letters[random.Next(letters.Length)];
                if (text.Length > 0)
                    text[0] = (byte)('A' + random.Next(4));
                var fault = KeyBlockHeader.ReadFields(text, out var header);
                Assert.True(fault == KeyBlockFault.None ? header.Length <= text.Length && header.Length >= KeyBlockHeader.FixedLength : Enum.IsDefined(fault));
                Assert.NotEqual(KeyBlockFault.None, KeyBlock.Unwrap(new byte[16], text, out _, new byte[64], out _));
            }
        });
    }

    [Fact]
    public async Task A_damaged_key_is_imported_by_no_way_and_leaves_nothing_behind()
    {
        using var cards = new HsmCards();
        var keys = cards.Hsm.Keys;
        var outer = await cards.AddAsync("zmk", KeyUsage.KeyEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var made = await keys.GenerateKeyAsync(new("made", KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both, KeyExportability.Exportable), default);
        var block = (await keys.ExportKeyAsync(made.Key!.Key, outer, default)).Block.ToArray();
        var rounds = Mutations.Count(2_000);
        await Seeds.RunAsync(Seed, async random =>
        {
            for (var length = 0; length < block.Length; length++)
                Assert.NotEqual(HsmStatus.Ok, (await keys.ImportKeyBlockAsync("copy", outer, block.AsMemory(0, length), "", default)).Status);
            for (var round = 0; round < rounds; round++)
            {
                var damaged = Damaged(random, block);
                if (!IsSame(damaged, block))
                    Assert.NotEqual(HsmStatus.Ok, (await keys.ImportKeyBlockAsync("copy", outer, damaged, "", default)).Status);
                var wanted = new KeyTemplate("copy", KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both);
                var cryptogram = Bytes(random, random.Next(0, 40));
                Assert.NotEqual(HsmStatus.Ok, (await keys.ImportCryptogramAsync(wanted, outer, cryptogram, "000000", default)).Status);
            }
        });

        Assert.Equal(HsmStatus.KeyNotFound, (await keys.GetKeyAsync(new("copy", 1), default)).Status);
    }

    [Fact]
    public void No_damage_to_chip_data_breaks_its_reader()
    {
        var rounds = Mutations.Count(50_000);
        var tlv = Convert.FromHexString(
            "9F02060000000100009F03060000000000009F1A020840950500000010805F2A0208409A039807049C01009F3704111111118202580"
            + "09F360234569F26081122334455667788" + "9F1007060112030E5B099F270180");
        Assert.Equal(IccStatus.Ok, IccData.TryRead(tlv, out var whole));
        Assert.Equal((0x1122334455667788ul, (ushort)0x3456, (ushort)0x0840), (whole.Cryptogram, whole.Atc, whole.Currency));

        Seeds.Run(Seed, random =>
        {
            for (var length = 0; length < tlv.Length; length++)
                Read(tlv.AsSpan(0, length), isWhole: length >= tlv.Length - 4);
            for (var round = 0; round < rounds; round++)
            {
                Read(Damaged(random, tlv), isWhole: true);
                Read(Bytes(random, random.Next(0, 64)), isWhole: false);

                // A part of it, put in or left out.
                var at = random.Next(tlv.Length);
                var end = random.Next(at, tlv.Length);
                Read([.. tlv.AsSpan(0, at), .. tlv.AsSpan(end)], isWhole: true);
                Read([.. tlv.AsSpan(0, end), .. tlv.AsSpan(at)], isWhole: true);
            }
        });

        static void Read(ReadOnlySpan<byte> tlv, bool isWhole)
        {
            var status = IccData.TryRead(tlv, out var data);
            Assert.True(Enum.IsDefined(status));
            Assert.True(isWhole || status != IccStatus.Ok);
            if (status != IccStatus.Ok)
                Assert.Equal((0ul, (ushort)0, 0), (data.Cryptogram, data.Atc, data.ApplicationData.Length));
        }
    }

    [Fact]
    public void Every_length_and_form_of_a_tag_is_read_or_refused()
    {
        // The tag of 9F10 with each first length byte, and every number of bytes behind.
        for (var first = 0; first < 256; first++)
        {
            for (var count = 0; count < 300; count += count < 40 ? 1 : 17)
            {
                byte[] tlv = [0x9F, 0x10, (byte)first, .. new byte[count]];
                Assert.NotEqual(IccStatus.Ok, IccData.TryRead(tlv, out _));
            }
        }

        Assert.Equal(IccStatus.Malformed, IccData.TryRead([0x9F, 0xFF, 0xFF, 0x01, 0], out _));
        Assert.Equal(IccStatus.Malformed, IccData.TryRead([0x82, 0x84, 0, 0, 0, 2, 0, 0], out _));
        Assert.Equal(IccStatus.Malformed, IccData.TryRead([0x82, 0x80, 0, 0], out _));
        Assert.Equal(IccStatus.WrongLength, IccData.TryRead([0x82, 0x01, 0], out _));
        Assert.Equal(IccStatus.Repeated, IccData.TryRead([0x82, 0x02, 0, 0, 0x82, 0x02, 0, 0], out _));
    }

    [Fact]
    public void No_application_data_breaks_the_choice_of_its_profile()
    {
        var rounds = Mutations.Count(50_000);
        Seeds.Run(Seed, random =>
        {
            for (var round = 0; round < rounds; round++)
            {
                var data = Bytes(random, random.Next(0, 33));
                var isKnown = EmvProfiles.TryIdentify((EmvScheme)random.Next(6), data, out var profile, out _);
                Assert.Equal(isKnown, profile != EmvProfile.None);
                if (!isKnown)
                    continue;

                // Whatever is identified can be asked about.
                var icc = default(IccData);
                Assert.True(icc.TrySet(0x9F10, data));
                Assert.True(EmvRules.TryGet(profile, out var rules));
                Assert.InRange(Cryptogram.WriteData(rules.Part, icc, new byte[Cryptogram.DataLengthMax]), IccData.MinimumLength, Cryptogram.DataLengthMax);
            }
        });
    }

    [Fact]
    public void No_pin_block_breaks_its_reader()
    {
        var rounds = Mutations.Count(200_000);
        Seeds.Run(Seed, random =>
        {
            var key = new AesKey(Bytes(random, 16));
            for (var round = 0; round < rounds; round++)
            {
                var format = (PinBlockFormat)random.Next(5);
                var field = (ulong)random.NextInt64(long.MinValue, long.MaxValue);

                // Half of them nearly a block: the right control nibble and a likely length.
                if ((round & 1) == 0)
                    field = (field & 0x00FF_FFFF_FFFF_FFFF) | ((ulong)format << 60) | ((ulong)random.Next(3, 14) << 56);
                var fault = format == PinBlockFormat.Iso4
                    ? PinBlockCode.Decode4(field, out var pin)
                    : PinBlockCode.Decode(format, field, 0x555555123456, out pin);
                Assert.Equal(fault == PinBlockFault.None, pin.Length is >= ClearPin.LengthMin and <= ClearPin.LengthMax);
                Assert.True(fault == PinBlockFault.None || pin.Digits == 0);
            }

            for (var length = 0; length < 32; length++)
            {
                var bytes = Bytes(random, length);
                Assert.Equal(length is 8 or 16, PinBlock.TryFrom(bytes, out var block));
                Assert.Equal(length is 10 or 12, KeySerialNumber.TryFrom(bytes, out _));
                Assert.Equal(length == 16 ? 16 : length == 8 ? 8 : 0, block.Length);
                if (length != 16)
                    Assert.Equal(PinBlockFault.Size, PinBlockCipher.Decrypt4(ref key, bytes, 0, out _));
            }
        });
    }

    [Fact]
    public async Task The_module_answers_any_pin_input_with_one_of_few_statuses()
    {
        using var cards = new HsmCards();
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var aes = await cards.AddAsync("aes", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey, algorithm: KeyAlgorithm.Aes);
        var bdk = await cards.AddAsync("bdk", KeyUsage.BaseDerivation, KeyMode.DeriveOnly, HsmCards.CardKey);
        var pvk = await cards.AddAsync("pvk", KeyUsage.PinVerificationVisa, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        var rounds = Mutations.Count(20_000);
        await Seeds.RunAsync(Seed, async random =>
        {
            for (var round = 0; round < rounds; round++)
            {
                PinBlock.TryFrom(Bytes(random, 8 * random.Next(0, 3)), out var block);
                KeySerialNumber.TryFrom(Bytes(random, random.Next(3) * 2 + 8), out var ksn);
                Pan.TryFromDigits(Encoding.ASCII.GetBytes(random.NextInt64(0, 10_000_000_000_000_000).ToString("D16", CultureInfo.InvariantCulture)), out var pan);
                var pin = new PinInput { Key = random.Next(3) switch { 0 => zone, 1 => aes, _ => bdk }, Format = (PinBlockFormat)random.Next(7), Block = block, Pan = random.Next(9) == 0 ? default : pan, Ksn = ksn };
                var status = await cards.Hsm.VerifyPinAsync(pin, PinReference.VisaPvv(pvk, (byte)random.Next(12), HsmCards.Digits(1, 4)), default);
                Assert.True(status is HsmStatus.PinBlockInvalid or HsmStatus.KeyUsageDenied or HsmStatus.VerificationFailed or HsmStatus.InvalidInput or HsmStatus.Ok, status.ToString());
            }
        });
    }

    [Fact]
    public void No_bytes_from_a_device_break_the_reader_of_its_frames()
    {
        var rounds = Mutations.Count(200_000);
        Seeds.Run(Seed, random =>
        {
            for (var round = 0; round < rounds; round++)
            {
                var bytes = Bytes(random, random.Next(0, 40));
                if (bytes.Length > 2 && random.Next(2) == 0)
                    BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)random.Next(0, 48));
                var (headerLength, countsHeader) = (random.Next(PayShieldFrame.HeaderLengthMin, 16), random.Next(2) == 0);
                var isFrame = PayShieldFrame.TryMeasure(bytes, headerLength, countsHeader, out var length);
                Assert.True(length == 0 || (isFrame && length <= bytes.Length && length >= PayShieldFrame.LengthBytes + headerLength + PayShieldFrame.AnswerLengthMin));
                PayShieldFrame.TryNumber(bytes.AsSpan(0, Math.Min(bytes.Length, headerLength)), out _);
                var answer = PayShieldAnswer.Read(bytes, 0x435A);
                Assert.True(answer.Status != HsmStatus.Ok || bytes.AsSpan().StartsWith("CZ00"u8));
                Assert.True(Enum.IsDefined(answer.Status) || answer.Status == PayShieldErrors.KeyLengthWarning);
            }
        });
    }

    [Fact]
    public void A_reader_that_answers_by_a_status_throws_nothing_that_it_would_have_to_catch()
    {
        var rounds = Mutations.Count(2_000);
        Seeds.Run(Seed, random =>
        {
            var protection = Bytes(random, 16);
            var block = Wrapped(random, protection, 'D', out _);
            var tlv = Convert.FromHexString("9F02060000000100009F03060000000000009F1A020840950500000010809F2608112233445566778882025800");
            var thrown = ThrownHere.During(() =>
            {
                for (var length = 0; length <= block.Length; length++)
                    KeyBlock.Unwrap(protection, block.AsSpan(0, length), out _, new byte[64], out _);
                for (var length = 0; length <= tlv.Length; length++)
                    IccData.TryRead(tlv.AsSpan(0, length), out _);
                for (var round = 0; round < rounds; round++)
                {
                    KeyBlock.Unwrap(protection, Damaged(random, block), out _, new byte[64], out _);
                    IccData.TryRead(Damaged(random, tlv), out _);
                    PinBlock.TryFrom(Bytes(random, random.Next(20)), out _);
                    KeySerialNumber.TryFrom(Bytes(random, random.Next(20)), out _);
                    PinBlockCode.Decode((PinBlockFormat)random.Next(4), (ulong)random.NextInt64(), 0, out _);
                    PinBlockCode.Decode4((ulong)random.NextInt64(), out _);
                    SecretDigits.TryFromDigits(Bytes(random, random.Next(20)), out _);
                    ClearPin.TryFrom(Bytes(random, random.Next(20)), out _);
                    IssuerAuthentication.TryFrom(Bytes(random, random.Next(20)), out _);
                    ComponentLine.Read(Bytes(random, random.Next(200)))?.Dispose();
                    Pan.TryFromDigits(Bytes(random, random.Next(24)), out _);
                }
            });

            Assert.Empty(thrown);
        });
    }

    [Fact]
    public async Task A_3ds_value_of_any_length_is_answered()
    {
        using var cards = new HsmCards();
        var key = await cards.AddAsync("aav", KeyUsage.Hmac, KeyMode.GenerateAndVerify, HsmCards.ZoneKey, algorithm: KeyAlgorithm.Hmac);
        foreach (var profile in new[] { ThreeDsProfile.Spa1, ThreeDsProfile.Spa2 })
        {
            for (var length = 0; length <= 64; length++)
            {
                var request = new ThreeDsRequest { Profile = profile, Key = key, Pan = HsmCards.Pan, Value = new byte[length], MerchantName = "Merchant"u8.ToArray() };
                var expected = length == (profile == ThreeDsProfile.Spa1 ? Spa.AavLength : Spa.IavLength) ? HsmStatus.VerificationFailed : HsmStatus.InvalidInput;
                Assert.Equal(expected, await cards.Hsm.VerifyThreeDsAsync(request, default));
            }
        }
    }

    private static void Refused(byte[] protection, byte[] damaged, byte[] block)
    {
        var fault = KeyBlock.Unwrap(protection, damaged, out _, new byte[64], out var length);

        // Hexadecimal digits may be written small; nothing else that was changed is taken.
        if (fault == KeyBlockFault.None)
            Assert.Equal(Encoding.ASCII.GetString(block).ToUpperInvariant(), Encoding.ASCII.GetString(damaged).ToUpperInvariant());
        else
            Assert.Equal((true, 0), (Enum.IsDefined(fault), length));
    }

    private static byte[] Wrapped(Random random, byte[] protection, char version, out byte[] key)
    {
        key = Bytes(random, 16);
        var header = KeyBlockHeader.Text(version, KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both, KeyExportability.Exportable);

        // An optional block, so that its length is damaged too.
        var text = Encoding.ASCII.GetBytes(header[..12] + "0200KS0800A1PB08XXXX");
        var filling = Bytes(random, version == 'D' ? 30 : 6);
        Assert.Equal(KeyBlockFault.None, KeyBlock.Wrap(protection, text, key, filling, out var block));
        return block;
    }

    private static byte[] Damaged(Random random, byte[] bytes)
    {
        var damaged = (byte[])bytes.Clone();
        for (var count = random.Next(1, 5); count > 0; count--)
            damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : bytes[random.Next(bytes.Length)];
        return damaged;
    }

    private static byte[] Changed(byte[] bytes, int place, byte value)
    {
        var changed = (byte[])bytes.Clone();
        changed[place] = value;
        return changed;
    }

    private static bool IsSame(byte[] left, byte[] right) => Encoding.Latin1.GetString(left).TrimEnd().Equals(Encoding.Latin1.GetString(right).TrimEnd(), StringComparison.OrdinalIgnoreCase);

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
