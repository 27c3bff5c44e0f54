using System.Security.Cryptography;
using System.Text;

namespace Processor.Security;

/// <summary>The keys of the demo program. Anybody can compute them, so that the network in a box can play cards that a host's module knows:
/// each is the first bytes of SHA-256 over <c>Processor demo key</c>, a blank and its name. They protect nothing.</summary>
public static class DemoKeys
{
    /// <summary>Of CVV, iCVV and CVV2.</summary>
    public const string CardValues = "demo-cvk";

    /// <summary>Issuer master key of cryptograms.</summary>
    public const string Cryptograms = "demo-imk-ac";

    /// <summary>Issuer master key of the integrity of commands.</summary>
    public const string Integrity = "demo-imk-smi";

    /// <summary>Issuer master key of the confidentiality of commands.</summary>
    public const string Confidentiality = "demo-imk-smc";

    /// <summary>Of natural PINs.</summary>
    public const string Pins = "demo-pvk";

    /// <summary>Of new PINs that wait for their chips.</summary>
    public const string ChipPins = "demo-chip-pins";

    /// <summary>Of PIN blocks on the network's links.</summary>
    public const string ZonePins = "demo-zpk";

    /// <summary>Of message codes on the network's links.</summary>
    public const string ZoneMacs = "demo-zak";

    /// <summary>Under which the network sends new keys for its links.</summary>
    public const string ZoneMaster = "demo-zmk";

    private const int MaskByte = 0x5A;

    private static readonly KeyTemplate[] Templates =
    [
        new(CardValues, KeyUsage.CardVerification, KeyAlgorithm.TripleDes, KeyMode.GenerateAndVerify),
        new(Cryptograms, KeyUsage.EmvCryptogram, KeyAlgorithm.TripleDes, KeyMode.DeriveOnly),
        new(Integrity, KeyUsage.EmvIntegrity, KeyAlgorithm.TripleDes, KeyMode.DeriveOnly),
        new(Confidentiality, KeyUsage.EmvConfidentiality, KeyAlgorithm.TripleDes, KeyMode.DeriveOnly),
        new(Pins, KeyUsage.PinVerificationIbm, KeyAlgorithm.TripleDes, KeyMode.GenerateAndVerify),
        new(ChipPins, KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both),
        new(ZonePins, KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both),
        new(ZoneMacs, KeyUsage.Iso9797Mac3, KeyAlgorithm.TripleDes, KeyMode.GenerateAndVerify),
        new(ZoneMaster, KeyUsage.KeyEncryption, KeyAlgorithm.Aes, KeyMode.Both, Bits: 256),
    ];

    /// <summary>Puts the keys that a module does not have into it, active. A second call changes nothing.</summary>
    /// <exception cref="InvalidOperationException">The module refused one.</exception>
    public static async Task AddToAsync(IKeyCustody custody, CancellationToken cancellationToken)
    {
        foreach (var template in Templates)
        {
            if ((await custody.GetKeyAsync(new(template.Id), cancellationToken)).Status == HsmStatus.Ok)
                continue;
            var key = Clear(template);
            var mask = new byte[key.Length];
            Array.Fill(mask, (byte)MaskByte);
            var rest = key.Select(item => (byte)(item ^ MaskByte)).ToArray();
            KeyComponent[] components = [new(mask, KeyCheckValue.Text(template.Algorithm, mask)), new(rest, KeyCheckValue.Text(template.Algorithm, rest))];
            var result = await custody.ImportComponentsAsync(template, components, KeyCheckValue.Text(template.Algorithm, key), cancellationToken);
            if (result is { Status: HsmStatus.Ok, Key: { } taken })
                result = await custody.ActivateKeyAsync(taken.Key, cancellationToken);
            if (result.Status != HsmStatus.Ok)
                throw new InvalidOperationException($"The security module refused the key {template.Id}: {result.Status}.");
        }
    }

    internal static TripleDesKey Des(string id) => new(Clear(id));

    internal static byte[] Clear(string id) => Clear(Templates.Single(template => template.Id == id));

    private static byte[] Clear(KeyTemplate template)
    {
        var key = SHA256.HashData(Encoding.ASCII.GetBytes("Processor demo key " + template.Id))[..(template.Bits / 8)];
        if (template.Algorithm == KeyAlgorithm.TripleDes)
            Parity.Adjust(key);
        return key;
    }
}
