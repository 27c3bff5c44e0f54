using Processor.Testing;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>The hot path leaves nothing for the collector.</summary>
public sealed class HsmAllocationTests
{
    [Fact]
    public async Task Checking_credentials_allocates_nothing()
    {
        using var cards = new HsmCards();
        var cvk = await cards.AddAsync("cvk", KeyUsage.CardVerification, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        var imk = await cards.AddAsync("imk", KeyUsage.EmvCryptogram, KeyMode.DeriveOnly, HsmCards.CardKey);
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var pvk = await cards.AddAsync("pvk", KeyUsage.PinVerificationVisa, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        var value = new CardValueRequest { Kind = CardValueKind.Cvv, Key = cvk, Pan = HsmCards.Pan, Expiry = 8701, ServiceCode = 101 };
        var icc = HsmCards.Icc(HsmCards.ChipCryptogram(EmvProfile.VisaCvn18, HsmCards.Icc(0)));
        var arqc = new ArqcRequest { Profile = EmvProfile.VisaCvn18, Key = imk, Pan = HsmCards.Pan, Psn = 0, Icc = icc, Approval = ArpcRequest.ForCardStatus(1) };
        var pin = HsmCards.Input(zone, "1234");
        var reference = (await cards.Hsm.GeneratePinReferenceAsync(pin, PinReference.VisaPvv(pvk, 1, default), default)).Reference;

        var right = 0;

        var allocated = Allocation.LeastBytes(() => right = Run(cards.Hsm, value, arqc, pin, reference, 5_000));

        Assert.Equal((5_000, 0), (right, allocated));
    }

    private static int Run(SoftwareHsm hsm, in CardValueRequest value, in ArqcRequest arqc, in PinInput pin, in PinReference reference, int count)
    {
        var digits = HsmCards.Digits(561, 3);
        var right = 0;
        for (var index = 0; index < count; index++)
        {
#pragma warning disable CA2012 // This module has answered when the call returns.
            var isRight = hsm.VerifyCardValueAsync(value, digits, default).Result == HsmStatus.Ok;
            isRight &= hsm.VerifyArqcAsync(arqc, default).Result.Status == HsmStatus.Ok;
            isRight &= hsm.VerifyPinAsync(pin, reference, default).Result == HsmStatus.Ok;
#pragma warning restore CA2012
            right += isRight ? 1 : 0;
        }

        return right;
    }
}
