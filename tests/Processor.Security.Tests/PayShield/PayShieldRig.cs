using System.Globalization;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>The adapter, an emulator that it talks to, a software module with the same keys, and a clock that the test moves.</summary>
internal sealed class PayShieldRig : IAsyncDisposable
{
    internal const string BaseKey = "0123456789ABCDEFFEDCBA9876543210";
    internal const string MacKey = "76850752AD7307ADDC89625B08B3323B";
    internal const string OtherZoneKey = "C1EAC8DA70C1FDF8FED93751A2767CC7";

    private static readonly (string Id, KeyUsage Usage, KeyMode Mode, string Key)[] Keys =
    [
        ("cvk", KeyUsage.CardVerification, KeyMode.GenerateAndVerify, HsmCards.CardKey),
        ("pvk", KeyUsage.PinVerificationVisa, KeyMode.GenerateAndVerify, HsmCards.CardKey),
        ("ibm", KeyUsage.PinVerificationIbm, KeyMode.GenerateAndVerify, HsmCards.CardKey),
        ("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey),
        ("other", KeyUsage.PinEncryption, KeyMode.Both, OtherZoneKey),
        ("bdk", KeyUsage.BaseDerivation, KeyMode.DeriveOnly, BaseKey),
        ("imk", KeyUsage.EmvCryptogram, KeyMode.DeriveOnly, HsmCards.CardKey),
        ("smi", KeyUsage.EmvIntegrity, KeyMode.DeriveOnly, HsmCards.CardKey),
        ("mac1", KeyUsage.Iso9797Mac1, KeyMode.GenerateAndVerify, MacKey),
        ("mac3", KeyUsage.Iso9797Mac3, KeyMode.GenerateAndVerify, MacKey),
    ];

    private PayShieldRig(PayShieldEmulator emulator, PayShieldSettings settings)
    {
        Emulator = emulator;
        Hsm = new(settings, Clock);
    }

    internal PayShieldEmulator Emulator { get; }

    internal PayShieldHsm Hsm { get; }

    internal HsmCards Cards { get; } = new();

    internal ManualClock Clock { get; } = new();

    /// <summary>Starts both sides and waits until every line is open.</summary>
    internal static async Task<PayShieldRig> StartAsync(Action<PayShieldSettings>? change = null, PayShieldEmulator? emulator = null)
    {
        emulator ??= new();
        var settings = Settings(emulator.Port);
        change?.Invoke(settings);
        var rig = new PayShieldRig(emulator, settings);
        foreach (var (id, usage, mode, key) in Keys)
            await rig.Cards.AddAsync(id, usage, mode, key);
        await rig.UntilConnectedAsync(settings.Connections);
        return rig;
    }

    internal static PayShieldSettings Settings(int port)
    {
        var settings = new PayShieldSettings { Host = "127.0.0.1", Port = port, Connections = 1 };
        foreach (var (id, _, _, key) in Keys)
            settings.Keys[id] = EmulatorKeys.Token(key);

        // Not a key under the device's master key: its parity is wrong when the device opens it.
        settings.Keys["strange"] = "U" + new string('0', 32);
        return settings;
    }

    internal Task UntilConnectedAsync(int lines = 1) => UntilAsync(() =>
    {
        Clock.Advance(50);
        return Hsm.Figures.OpenLines == lines;
    });

    /// <summary>Waits for something that is sure to come.</summary>
    internal static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(2), patience.Token);
    }

    internal static CardValueRequest Cvv(string key = "cvk", CardValueKind kind = CardValueKind.Cvv) =>
        new() { Kind = kind, Key = new(key), Pan = HsmCards.Pan, Expiry = 8701, ServiceCode = 101 };

    internal static MacRequest Mac(string key = "mac3", MacAlgorithm algorithm = MacAlgorithm.Iso9797Alg3) =>
        new() { Key = new(key), Algorithm = algorithm, Padding = MacPadding.Method2, Data = new byte[] { 1, 2, (byte)';', 0, 255 } };

    /// <summary>A cryptogram as the chip makes it, with what a profile's answers are made of.</summary>
    internal static ArqcRequest Arqc(EmvProfile profile = EmvProfile.VisaCvn18, string application = "060112030E5B09", string key = "imk", ulong change = 0)
    {
        Assert.True(EmvRules.TryGet(profile, out var rules));
        var cryptogram = HsmCards.ChipCryptogram(profile, HsmCards.Icc(0, application));
        return new()
        {
            Profile = profile,
            Key = new(key),
            Pan = HsmCards.Pan,
            Psn = 0,
            Icc = HsmCards.Icc(cryptogram ^ change, application),
            Approval = rules.ArpcMethod == 1 ? ArpcRequest.ForResponseCode(0x3030) : ArpcRequest.ForCardStatus(0x03A20000),
            Decline = rules.ArpcMethod == 1 ? ArpcRequest.ForResponseCode(0x3035) : ArpcRequest.ForCardStatus(0x03220000, 0x1122330000000000, 3),
        };
    }

    internal static ScriptRequest Script(EmvProfile profile, string key = "smi") => new()
    {
        Profile = profile,
        IntegrityKey = new(key),
        Pan = HsmCards.Pan,
        Psn = 0,
        Atc = 0x3456,
        Cryptogram = 0x0123456789ABCDEF,
        Header = new byte[] { 0x84, 0x1E, 0, 0, 8 },
    };

    /// <summary>The value of tag 91 in hexadecimal digits.</summary>
    internal static string Text(in IssuerAuthentication value)
    {
        Span<byte> bytes = stackalloc byte[IssuerAuthentication.LengthMax];
        return Convert.ToHexString(bytes[..value.CopyTo(bytes)]);
    }

    internal static string Text(in PinBlock block)
    {
        Span<byte> bytes = stackalloc byte[16];
        return Convert.ToHexString(bytes[..block.CopyTo(bytes)]);
    }

    public async ValueTask DisposeAsync()
    {
        await Hsm.DisposeAsync();
        await Emulator.DisposeAsync();
        Cards.Dispose();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"PayShieldRig {Emulator.Port}");
}
