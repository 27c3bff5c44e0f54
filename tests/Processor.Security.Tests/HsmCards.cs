using System.Buffers.Binary;
using Processor.Cards;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>A module with one key of each kind, and a card and a terminal that know the same keys.</summary>
internal sealed class HsmCards : IDisposable
{
    internal const string CardKey = "0123456789ABCDEFFEDCBA9876543210";
    internal const string ZoneKey = "07CE4989A22391CB373DDA1F01D5E954";

    internal static readonly Pan Pan = Read("4123456789012345");

    internal HsmCards(SoftwareHsmOptions? options = null) => Hsm = SoftwareHsm.InMemory(options ?? new());

    internal SoftwareHsm Hsm { get; }

    internal static Pan Read(string digits)
    {
        Assert.True(Pan.TryFromDigits(System.Text.Encoding.ASCII.GetBytes(digits), out var pan));
        return pan;
    }

    internal static SecretDigits Digits(ulong number, int length) => SecretDigits.FromNumber(number, length);

    /// <summary>Takes a key as two components and makes it active.</summary>
    internal async Task<KeyRef> AddAsync(
        string id, KeyUsage usage, KeyMode mode, string key, KeyExportability exportability = KeyExportability.NonExportable, KeyAlgorithm algorithm = KeyAlgorithm.TripleDes)
    {
        var whole = Convert.FromHexString(key);
        var mask = new byte[whole.Length];
        Array.Fill(mask, (byte)0x5D);
        var other = (byte[])whole.Clone();
        if (algorithm == KeyAlgorithm.TripleDes)
            Parity.Adjust(whole);
        for (var index = 0; index < other.Length; index++)
            other[index] ^= mask[index];
        var result = await Hsm.Keys.ImportComponentsAsync(
            new KeyTemplate(id, usage, algorithm, mode, exportability),
            [new(mask, KeyCheckValue.Text(algorithm, mask)), new(other, KeyCheckValue.Text(algorithm, other))],
            KeyCheckValue.Text(algorithm, whole),
            default);
        Assert.Equal(HsmStatus.Ok, result.Status);
        Assert.Equal(HsmStatus.Ok, (await Hsm.Keys.ActivateKeyAsync(result.Key!.Key, default)).Status);
        return new KeyRef(id);
    }

    /// <summary>A master key of two components, each of one byte again and again.</summary>
    internal static MasterKey Master(string first = "11", string second = "22")
    {
        byte[][] parts = [.. new[] { first, second }.Select(part => Convert.FromHexString(string.Concat(Enumerable.Repeat(part, MasterKey.Length))))];
        var whole = parts[0].Zip(parts[1], (left, right) => (byte)(left ^ right)).ToArray();
        var status = MasterKey.TryCreate([.. parts.Select(part => new KeyComponent(part, KeyCheckValue.Text(KeyAlgorithm.Aes, part)))], KeyCheckValue.Text(KeyAlgorithm.Aes, whole), out var master);
        Assert.Equal(HsmStatus.Ok, status);
        return master!;
    }

    internal static PinInput Input(KeyRef key, string pin, string zoneKey = ZoneKey, Pan? pan = null)
    {
        var owner = pan ?? Pan;
        Span<byte> digits = stackalloc byte[19];
        digits = digits[..owner.CopyDigits(digits)];
        Assert.True(ClearPin.TryFrom(System.Text.Encoding.ASCII.GetBytes(pin), out var clear));
        var block = new byte[8];
        var cipher = new TripleDesKey(Convert.FromHexString(zoneKey));
        BinaryPrimitives.WriteUInt64BigEndian(block, cipher.Encrypt(PinBlockCode.Encode(PinBlockFormat.Iso0, clear, PinBlockCode.PanField(digits), 0)));
        Assert.True(PinBlock.TryFrom(block, out var sealedBlock));
        return new PinInput { Key = key, Format = PinBlockFormat.Iso0, Block = sealedBlock, Pan = owner };
    }

    internal static IccData Icc(ulong cryptogram, string application = "060112030E5B09")
    {
        var icc = default(IccData);
        foreach (var (tag, value) in new[]
        {
            (0x9F02, "000000010000"), (0x9F03, "000000000000"), (0x9F1A, "0840"), (0x95, "0000001080"), (0x5F2A, "0840"),
            (0x9A, "980704"), (0x9C, "00"), (0x9F37, "11111111"), (0x82, "5800"), (0x9F36, "3456"), (0x9F10, application),
            (0x9F26, cryptogram.ToString("X16", System.Globalization.CultureInfo.InvariantCulture)),
        })
        {
            Assert.True(icc.TrySet(tag, Convert.FromHexString(value)));
        }

        return icc;
    }

    /// <summary>What the chip computes.</summary>
    internal static ulong ChipCryptogram(EmvProfile profile, in IccData icc)
    {
        Assert.True(EmvRules.TryGet(profile, out var rules));
        Span<byte> data = stackalloc byte[Cryptogram.DataLengthMax];
        Span<byte> digits = stackalloc byte[19];
        var length = Cryptogram.WriteData(rules.Part, icc, data);
        var issuer = new TripleDesKey(Convert.FromHexString(CardKey));
        var (left, right) = IccKeys.Master(ref issuer, IccKeyOption.A, digits[..Pan.CopyDigits(digits)], 0);
        var key = new TripleDesKey(left, right);
        (left, right) = Cryptogram.Session(ref key, (left, right), rules.Session, icc.Atc, icc.UnpredictableNumber);
        key = new TripleDesKey(left, right);

        return RetailMac.Algorithm3(ref key, data[..length], rules.Padding);
    }

    public void Dispose() => Hsm.Dispose();
}
