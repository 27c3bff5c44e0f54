using System.Buffers.Binary;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Processor.Cards;
using Processor.Security;

namespace Processor.Bench;

/// <summary>Checking a chip's cryptogram with its answer, a card value and a PIN in the software module, each beside the framework's own
/// ciphers, which are cached where a cache is possible: keys that belong to a card or a transaction are new each time.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350:Do not use weak algorithms", Justification = "DES is what the card has.")]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351:Do not use broken algorithms", Justification = "DES is what the card has.")]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The run ends with the process.")]
public class CredentialBenchmarks
{
    private static readonly byte[] CardKey = Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210");
    private static readonly byte[] ZoneKey = Convert.FromHexString("07CE4989A22391CB373DDA1F01D5E954");

    private readonly SoftwareHsm hsm = SoftwareHsm.InMemory(new());
    private readonly TripleDES cardCipher = Framework(CardKey);
    private readonly TripleDES zoneCipher = Framework(ZoneKey);
    private CardValueRequest value;
    private ArqcRequest arqc;
    private PinInput pin;
    private PinReference reference;
    private byte[] chipData = [];
    private ulong arpc;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        Pan.TryFromDigits("4123456789012345"u8, out var pan);
        var cvk = await AddAsync("cvk", KeyUsage.CardVerification, KeyMode.GenerateAndVerify, CardKey);
        var imk = await AddAsync("imk", KeyUsage.EmvCryptogram, KeyMode.DeriveOnly, CardKey);
        var zone = await AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, ZoneKey);
        var pvk = await AddAsync("pvk", KeyUsage.PinVerificationVisa, KeyMode.GenerateAndVerify, CardKey);
        value = new CardValueRequest { Kind = CardValueKind.Cvv, Key = cvk, Pan = pan, Expiry = 8701, ServiceCode = 101 };
        var icc = default(IccData);
        foreach (var (tag, text) in new[]
        {
            (0x9F02, "000000010000"), (0x9F03, "000000000000"), (0x9F1A, "0840"), (0x95, "0000001080"), (0x5F2A, "0840"), (0x9A, "980704"),
            (0x9C, "00"), (0x9F37, "11111111"), (0x82, "5800"), (0x9F36, "3456"), (0x9F10, "060112030E5B09"),
        })
        {
            icc.TrySet(tag, Convert.FromHexString(text));
        }

        chipData = new byte[40];
        icc.Minimum.CopyTo(chipData);
        icc.ApplicationData.CopyTo(chipData.AsSpan(33));
        var cryptogram = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(cryptogram, FrameworkCryptogram(out _));
        icc.TrySet(0x9F26, cryptogram);
        arqc = new ArqcRequest { Profile = EmvProfile.VisaCvn18, Key = imk, Pan = pan, Psn = 0, Icc = icc, Approval = ArpcRequest.ForCardStatus(0x03A20000) };
        var block = Convert.FromHexString("041234FFFFFFFFFF");
        BinaryPrimitives.WriteUInt64BigEndian(block, BinaryPrimitives.ReadUInt64BigEndian(block) ^ 0x345678901234);
        PinBlock.TryFrom(zoneCipher.EncryptEcb(block, PaddingMode.None), out var sealedBlock);
        pin = new PinInput { Key = zone, Format = PinBlockFormat.Iso0, Block = sealedBlock, Pan = pan };
        reference = (await hsm.GeneratePinReferenceAsync(pin, PinReference.VisaPvv(pvk, 1, default), default)).Reference;
        if (CheckArqc() != HsmStatus.Ok || CheckCvv() != HsmStatus.Ok || CheckPin() != HsmStatus.Ok)
            throw new InvalidOperationException("The module does not agree with the framework.");
    }

    /// <summary>The same cryptogram and answer with the framework's ciphers.</summary>
    [Benchmark(Baseline = true)]
    [BenchmarkCategory("cryptogram")]
    public ulong FrameworkArqc()
    {
        var code = FrameworkCryptogram(out var answer);
        arpc = answer;
        return code ^ arpc;
    }

    /// <summary>The same CVV with the framework's ciphers.</summary>
    [Benchmark(Baseline = true)]
    [BenchmarkCategory("CVV")]
    public ulong FrameworkCvv()
    {
        Span<byte> block = stackalloc byte[8];
        using var left = DES.Create();
        left.SetKey(CardKey.AsSpan(0, 8));
        left.EncryptEcb([0x41, 0x23, 0x45, 0x67, 0x89, 0x01, 0x23, 0x45], block, PaddingMode.None);
        block[0] ^= 0x87;
        block[1] ^= 0x01;
        block[2] ^= 0x10;
        block[3] ^= 0x10;
        cardCipher.EncryptEcb(block, block, PaddingMode.None);
        return BinaryPrimitives.ReadUInt64BigEndian(block);
    }

    /// <summary>The same PIN with the framework's ciphers.</summary>
    [Benchmark(Baseline = true)]
    [BenchmarkCategory("PIN")]
    public ulong FrameworkPin()
    {
        Span<byte> block = stackalloc byte[16];
        pin.Block.CopyTo(block);
        zoneCipher.DecryptEcb(block[..8], block[..8], PaddingMode.None);
        cardCipher.EncryptEcb(block[..8], block[..8], PaddingMode.None);
        return BinaryPrimitives.ReadUInt64BigEndian(block);
    }

#pragma warning disable CA2012 // This module has answered when the call returns.
    /// <summary>Master key, card key, session key, code over 40 bytes, and an answer by method 2.</summary>
    [Benchmark]
    [BenchmarkCategory("cryptogram")]
    public HsmStatus CheckArqc() => hsm.VerifyArqcAsync(arqc, default).Result.Status;

    /// <summary>A CVV of three digits.</summary>
    [Benchmark]
    [BenchmarkCategory("CVV")]
    public HsmStatus CheckCvv() => hsm.VerifyCardValueAsync(value, SecretDigits.FromNumber(561, 3), default).Result;

    /// <summary>A PIN block of format 0 under a zone key, by PVV.</summary>
    [Benchmark]
    [BenchmarkCategory("PIN")]
    public HsmStatus CheckPin() => hsm.VerifyPinAsync(pin, reference, default).Result;
#pragma warning restore CA2012

    private ulong FrameworkCryptogram(out ulong answer)
    {
        Span<byte> keys = stackalloc byte[16];
        Span<byte> text = stackalloc byte[48];
        BinaryPrimitives.WriteUInt64BigEndian(keys, 0x2345678901234500);
        BinaryPrimitives.WriteUInt64BigEndian(keys[8..], ~0x2345678901234500ul);
        cardCipher.EncryptEcb(keys, keys, PaddingMode.None);
        using var master = Framework(keys);
        BinaryPrimitives.WriteUInt64BigEndian(keys, 0x3456F00000000000);
        BinaryPrimitives.WriteUInt64BigEndian(keys[8..], 0x34560F0000000000);
        master.EncryptEcb(keys, keys, PaddingMode.None);
        using var session = Framework(keys);
        using var left = DES.Create();
        left.SetKey(keys[..8]);
        chipData.CopyTo(text);
        text[40] = 0x80;
        var code = Mac(left, session, text);
        text.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(text, code);
        BinaryPrimitives.WriteUInt32BigEndian(text[8..], 0x03A20000);
        text[12] = 0x80;
        answer = Mac(left, session, text[..16]);
        return code;
    }

    private static ulong Mac(DES left, TripleDES both, Span<byte> text)
    {
        Span<byte> chain = stackalloc byte[48];
        left.EncryptCbc(text[..^8], [0, 0, 0, 0, 0, 0, 0, 0], chain, PaddingMode.None);
        var last = BinaryPrimitives.ReadUInt64BigEndian(text[^8..]) ^ BinaryPrimitives.ReadUInt64BigEndian(chain[(text.Length - 16)..]);
        BinaryPrimitives.WriteUInt64BigEndian(chain, last);
        both.EncryptEcb(chain[..8], chain[..8], PaddingMode.None);
        return BinaryPrimitives.ReadUInt64BigEndian(chain);
    }

    private static TripleDES Framework(ReadOnlySpan<byte> key)
    {
        var cipher = TripleDES.Create();
        cipher.SetKey([.. key, .. key[..8]]);
        return cipher;
    }

    private async Task<KeyRef> AddAsync(string id, KeyUsage usage, KeyMode mode, byte[] key)
    {
        var zeros = new byte[key.Length];
        Array.Fill(zeros, (byte)0x01);
        var other = key.Select(item => (byte)(item ^ 0x01)).ToArray();
        var template = new KeyTemplate(id, usage, KeyAlgorithm.TripleDes, mode);
        var result = await hsm.Keys.ImportComponentsAsync(template, [new(zeros, CheckValue(zeros)), new(other, CheckValue(other))], CheckValue(key), default);
        await hsm.Keys.ActivateKeyAsync(result.Key!.Key, default);
        return new KeyRef(id);
    }

    private static string CheckValue(byte[] key) => KeyCheckValue.Text(KeyAlgorithm.TripleDes, key);
}
