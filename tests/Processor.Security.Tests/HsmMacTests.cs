using Xunit;

namespace Processor.Security.Tests;

/// <summary>Codes of messages: each algorithm with its key, and the key before while messages under it are in flight.</summary>
public sealed class HsmMacTests : IDisposable
{
    private readonly HsmCards cards = new();

    public static TheoryData<string> Of(string algorithm) => KnownLine.Of(algorithm);

    public void Dispose() => cards.Dispose();

    [Theory]
    [MemberData(nameof(Of), "mac.iso9797_alg1")]
    [MemberData(nameof(Of), "mac.iso9797_alg3")]
    [MemberData(nameof(Of), "mac.cmac_tdes")]
    [MemberData(nameof(Of), "mac.cmac_aes")]
    [MemberData(nameof(Of), "mac.hmac")]
    public async Task A_known_code_is_made_and_verified(string id)
    {
        var line = new KnownLine(id);
        Assert.Equal("sha256", line.Text("hash", "sha256"));
        var (algorithm, usage, keyAlgorithm) = line.Algorithm switch
        {
            "mac.iso9797_alg1" => (MacAlgorithm.Iso9797Alg1, KeyUsage.Iso9797Mac1, KeyAlgorithm.TripleDes),
            "mac.iso9797_alg3" => (MacAlgorithm.Iso9797Alg3, KeyUsage.Iso9797Mac3, KeyAlgorithm.TripleDes),
            "mac.cmac_tdes" => (MacAlgorithm.Cmac, KeyUsage.Cmac, KeyAlgorithm.TripleDes),
            "mac.cmac_aes" => (MacAlgorithm.Cmac, KeyUsage.Cmac, KeyAlgorithm.Aes),
            _ => (MacAlgorithm.HmacSha256, KeyUsage.Hmac, KeyAlgorithm.Hmac),
        };
        var key = await cards.AddAsync("mac", usage, KeyMode.GenerateAndVerify, line.Text("key"), algorithm: keyAlgorithm);
        var padding = line.Has("padding") ? (MacPadding)line.Decimal("padding") : MacPadding.None;
        var request = new MacRequest { Key = key, Algorithm = algorithm, Padding = padding, Data = line.Bytes("data") };
        var made = new byte[line.ExpectedBytes.Length];

        Assert.Equal(HsmStatus.Ok, await cards.Hsm.GenerateMacAsync(request, made, default));
        Assert.Equal(line.Expected, Convert.ToHexString(made));
        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyMacAsync(request, made, default));
        made[0] ^= 0x80;
        Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyMacAsync(request, made, default));
    }

    [Theory]
    [InlineData(MacAlgorithm.Iso9797Alg1, KeyUsage.Iso9797Mac1, KeyAlgorithm.TripleDes, 8)]
    [InlineData(MacAlgorithm.Iso9797Alg1, KeyUsage.Iso16609Mac, KeyAlgorithm.TripleDes, 8)]
    [InlineData(MacAlgorithm.Iso9797Alg3, KeyUsage.Iso9797Mac3, KeyAlgorithm.TripleDes, 8)]
    [InlineData(MacAlgorithm.Cmac, KeyUsage.Cmac, KeyAlgorithm.TripleDes, 8)]
    [InlineData(MacAlgorithm.Cmac, KeyUsage.Cmac, KeyAlgorithm.Aes, 16)]
    [InlineData(MacAlgorithm.HmacSha256, KeyUsage.Hmac, KeyAlgorithm.Hmac, 32)]
    public async Task Every_length_from_four_bytes_to_the_whole_code_is_made_and_verified(MacAlgorithm algorithm, KeyUsage usage, KeyAlgorithm keyAlgorithm, int longest)
    {
        var key = await cards.AddAsync("mac", usage, KeyMode.GenerateAndVerify, HsmCards.ZoneKey, algorithm: keyAlgorithm);
        var request = Request(key, algorithm);
        var whole = new byte[longest];
        Assert.Equal(HsmStatus.Ok, await cards.Hsm.GenerateMacAsync(request, whole, default));

        for (var length = 0; length <= longest + 1; length++)
        {
            var code = new byte[length];
            var expected = length < 4 || length > longest ? HsmStatus.InvalidInput : HsmStatus.Ok;
            Assert.Equal(expected, await cards.Hsm.GenerateMacAsync(request, code, default));
            Assert.Equal(expected, await cards.Hsm.VerifyMacAsync(request, code, default));
            if (expected != HsmStatus.Ok)
                continue;
            Assert.Equal(whole[..length], code);
            code[^1] ^= 1;
            Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyMacAsync(request, code, default));
        }
    }

    [Fact]
    public async Task A_message_under_the_key_before_is_verified_until_that_key_is_retired()
    {
        var key = await cards.AddAsync("mac", KeyUsage.Iso9797Mac3, KeyMode.GenerateAndVerify, HsmCards.ZoneKey);
        var (early, later) = (new byte[8], new byte[8]);
        await cards.Hsm.GenerateMacAsync(Request(key, MacAlgorithm.Iso9797Alg3), early, default);
        await cards.AddAsync("mac", KeyUsage.Iso9797Mac3, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        await cards.Hsm.GenerateMacAsync(Request(key, MacAlgorithm.Iso9797Alg3), later, default);

        Assert.NotEqual(early, later);
        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyMacAsync(Request(key, MacAlgorithm.Iso9797Alg3), early, default));
        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyMacAsync(Request(key, MacAlgorithm.Iso9797Alg3), later, default));
        await cards.Hsm.Keys.RetireKeyAsync(new("mac", 1), default);
        Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyMacAsync(Request(key, MacAlgorithm.Iso9797Alg3), early, default));
    }

    [Fact]
    public async Task A_key_makes_no_code_of_another_algorithm_and_none_without_a_padding()
    {
        var key = await cards.AddAsync("mac", KeyUsage.Iso9797Mac3, KeyMode.VerifyOnly, HsmCards.ZoneKey);

        Assert.Equal(HsmStatus.KeyUsageDenied, await cards.Hsm.VerifyMacAsync(Request(key, MacAlgorithm.Cmac), new byte[8], default));
        Assert.Equal(HsmStatus.KeyUsageDenied, await cards.Hsm.GenerateMacAsync(Request(key, MacAlgorithm.Iso9797Alg3), new byte[8], default));
        Assert.Equal(HsmStatus.InvalidInput, await cards.Hsm.VerifyMacAsync(Request(key, MacAlgorithm.Iso9797Alg3, MacPadding.None), new byte[8], default));
        Assert.Equal(HsmStatus.UnsupportedProfile, await cards.Hsm.VerifyMacAsync(Request(key, MacAlgorithm.None), new byte[8], default));
    }

    private static MacRequest Request(KeyRef key, MacAlgorithm algorithm, MacPadding padding = MacPadding.Method1) =>
        new() { Key = key, Algorithm = algorithm, Padding = padding, Data = "0200 and what follows"u8.ToArray() };
}
