using System.Globalization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Ledger;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>The chips of every scheme through the authorizer, over a real socket. What is right is computed with the framework's ciphers.</summary>
public sealed class ChipSchemeTests
{
    // cryptogram_invalid in specs/response-codes/default.json
    private const string CryptogramWrong = "82";

    private static readonly Amount Asked = new(10_50, Currency.Eur);

    private int stan;

    public static TheoryData<string> Chips() => new(FrameworkChip.All.Select(chip => chip.Name));

    [Theory]
    [MemberData(nameof(Chips))]
    public async Task A_right_cryptogram_gets_the_answer_that_its_chip_expects_and_a_wrong_one_none(string name)
    {
        var chip = FrameworkChip.All.Single(chip => chip.Name == name);
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, "iso87-binary", CardOptions.DemandsCryptogram, posted: 15_00, credentials: ProfileOf(chip.Scheme));
        var first = chip.IccData(Messages.Pan, counter: 0x0102, Asked);
        var second = chip.IccData(Messages.Pan, counter: 0x0103, Asked);
        var wrong = chip.IccData(Messages.Pan, counter: 0x0104, Asked);
        wrong[^1] ^= 1;

        var refused = await host.Peer.AskAsync(Chip(wrong));
        var approved = await host.Peer.AskAsync(Chip(first));
        var declined = await host.Peer.AskAsync(Chip(second));
        var moved = await host.Peer.AskAsync(Chip(Tampered(chip.IccData(Messages.Pan, counter: 0x0105, Asked))));

        Assert.Equal((CryptogramWrong, default(string)), (refused[39], refused[55]));
        Assert.Equal(("00", chip.IssuerData(Messages.Pan, counter: 0x0102, first, isApproved: true)), (approved[39], approved[55]));
        Assert.Equal(("51", chip.IssuerData(Messages.Pan, counter: 0x0103, second, isApproved: false)), (declined[39], declined[55]));
        Assert.Equal((CryptogramWrong, default(string)), (moved[39], moved[55]));
    }

    [Fact]
    public async Task A_chip_of_another_scheme_than_the_product_s_is_refused()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        foreach (var scheme in new[] { "visa", "mastercard", "interac", "ccd" })
        {
            await using var host = await CredentialHost.StartAsync(hsm, "iso87-binary", credentials: ProfileOf(scheme));
            foreach (var chip in FrameworkChip.All.Where(chip => chip.Scheme != scheme))
                Assert.Equal((chip.Name, CryptogramWrong), (chip.Name, (await host.Peer.AskAsync(Chip(chip.IccData(Messages.Pan, counter: 1, Asked))))[39]));
        }
    }

    [Fact]
    public async Task The_derivation_index_chooses_the_key()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await FrameworkKey.Named("another").AddToAsync(hsm, "another", KeyUsage.EmvCryptogram, KeyMode.DeriveOnly);
        var chip = FrameworkChip.All.Single(chip => chip.Name == "M/Chip CVN 14");
        var profile = new CredentialProfile { ChipScheme = chip.Scheme, CryptogramKey = "another", CryptogramKeys = new Dictionary<byte, string> { [1] = DemoKeys.Cryptograms } };
        await using var host = await CredentialHost.StartAsync(hsm, "iso87-binary", credentials: profile);
        var other = chip with { ApplicationData = "02" + chip.ApplicationData[2..] };

        Assert.Equal("00", (await host.Peer.AskAsync(Chip(chip.IccData(Messages.Pan, counter: 1, Asked))))[39]);
        Assert.Equal(CryptogramWrong, (await host.Peer.AskAsync(Chip(other.IccData(Messages.Pan, counter: 2, Asked))))[39]);
    }

    private static CredentialProfile ProfileOf(string scheme) => new() { CryptogramKey = DemoKeys.Cryptograms, ChipScheme = scheme };

    // The terminal's verification results, which the cryptogram covers.
    private static byte[] Tampered(byte[] icc)
    {
        icc[icc.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x95, 0x05]) + 2] ^= 0x80;
        return icc;
    }

    private Iso8583Message Chip(byte[] icc)
    {
        var message = Messages.Purchase(stan: (++stan).ToString("D6", CultureInfo.InvariantCulture));
        message[55] = Convert.ToHexString(icc);
        return message;
    }
}
