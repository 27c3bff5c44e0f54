using System.Collections;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Processor.Cards;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>What this project prints, throws and measures holds no PAN, PIN, value, cryptogram or key.</summary>
public sealed class SecrecyTests
{
    private const string Key = "C8EF31B6D92A5783649D1FB052A7E36B";
    private const string PanDigits = "4539578763621486";
    private const string Pin = "90718";

    // What may be in the text of a record: names, states and lengths, and types that print themselves, which are looked at apart.
    private static readonly Type[] Plain =
    [
        typeof(bool), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(string), typeof(DateTimeOffset), typeof(byte[]), typeof(ReadOnlyMemory<byte>), typeof(long),
    ];

    // Records with texts and wide numbers, each looked at: none of them is of a card or a clear key.
    private static readonly Type[] Seen = [typeof(KeyRef), typeof(KeyInfo), typeof(KeyTemplate), typeof(WrappedDataKey), typeof(PayShieldFigures), typeof(EmvRules), typeof(ApiKeyHash)];

    [Fact]
    public void Every_type_prints_its_name_or_a_mask()
    {
        var types = typeof(IHsm).Assembly.GetTypes().Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.IsEnum);
        foreach (var type in types)
        {
            Assert.Null(type.GetCustomAttribute<DebuggerDisplayAttribute>());
            if (type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance, [typeof(StringBuilder)]) is null || OverridesText(type))
                continue;
            foreach (var member in Printed(type))
            {
                var isPlain = Plain.Contains(member) ? Seen.Contains(type) || member == typeof(ReadOnlyMemory<byte>) || member == typeof(bool) : member.IsEnum || member.Assembly == type.Assembly;
                Assert.True(isPlain, $"{type.Name} prints a {member.Name}: look at it, and name it here or give it a mask.");
            }
        }
    }

    [Fact]
    public async Task Nothing_that_holds_a_secret_prints_it()
    {
        var secrets = Secrets();
        using var cards = new HsmCards();
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, Key);
        var pan = HsmCards.Read(PanDigits);
        var pin = HsmCards.Input(zone, Pin, Key, pan);
        Assert.True(ClearPin.TryFrom(Encoding.ASCII.GetBytes(Pin), out var clear));
        Assert.True(SecretDigits.TryFromDigits(Encoding.ASCII.GetBytes(Pin), out var digits));
        var reference = PinReference.VisaPvv(zone, 1, digits);
        var settings = PayShieldRig.Settings(1);
        settings.Keys["zpk"] = "U" + Key;
        var command = new PayShieldCommand(8, "CY"u8).PutPan(pan).PutDigits(digits);
        object[] holders =
        [
            pan, pin, pin.Block, clear, digits, reference, new PinReferenceResult(HsmStatus.Ok, reference), new PinBlockResult(HsmStatus.Ok, pin.Block),
            new CardValueResult(HsmStatus.Ok, digits), new CardValueRequest { Kind = CardValueKind.Cvv, Key = zone, Pan = pan },
            new KeyComponent(Convert.FromHexString(Key), "1234"), new TripleDesKey(Convert.FromHexString(Key)), new AesKey(Convert.FromHexString(Key)),
            new KeyEntry(new KeyInfo(zone, KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both, KeyExportability.NonExportable, KeyState.Active, 128, "123456"), Convert.FromHexString(Key)),
            cards.Hsm, cards.Hsm.Keys, HsmCards.Master(), settings, new PayShieldKeys(settings.Keys), command, new PayShieldAnswer(HsmStatus.Ok, Encoding.ASCII.GetBytes(PanDigits)),
            PayShieldRig.Arqc() with { Pan = pan }, PayShieldRig.Script(EmvProfile.Ccd) with { Pan = pan }, PayShieldRig.Mac(),
            new PinChangeRequest { Script = PayShieldRig.Script(EmvProfile.Ccd), CryptogramKey = zone, ConfidentialityKey = zone, NewPin = pin },
            new ThreeDsRequest { Profile = ThreeDsProfile.Spa1, Key = zone, Pan = pan, Value = Encoding.ASCII.GetBytes(PanDigits) },
            new ScriptResult(HsmStatus.Ok, Encoding.ASCII.GetBytes(PanDigits)), new KeyBlockResult(HsmStatus.Ok, Encoding.ASCII.GetBytes(Key)),
        ];

        foreach (var holder in holders)
        {
            // As a log would: by itself, in a text, and member by member.
            AssertClean(string.Create(CultureInfo.InvariantCulture, $"{holder} {new { holder }} {(holder, 1)}"), secrets);
            foreach (var property in holder.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike && property.PropertyType.IsPublic && property.DeclaringType != typeof(PayShieldSettings)))
                AssertClean(Convert.ToString(property.GetValue(holder), CultureInfo.InvariantCulture), secrets);
        }
    }

    [Fact]
    public async Task No_exception_and_no_measurement_of_a_device_that_fails_holds_a_secret()
    {
        var told = new StringBuilder();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Meter.Name == PayShieldMetrics.MeterName)
                    all.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Tell(instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Tell(instrument, tags));
        listener.Start();
        void Catch(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs thrown)
        {
            Say(thrown.Exception);
        }

        AppDomain.CurrentDomain.FirstChanceException += Catch;
        try
        {
            await using var rig = await PayShieldRig.StartAsync(settings => settings.Keys["zpk"] = EmulatorKeys.Token(Key));
            var pan = HsmCards.Read(PanDigits);
            Assert.True(SecretDigits.TryFromDigits("907"u8, out var value));
            foreach (var fault in new Func<EmulatorExchange, Task>[]
            {
                exchange => exchange.SendAsync([0, 1, 0]),
                exchange => exchange.SendAsync(exchange.Frame(Encoding.ASCII.GetBytes(PanDigits))),
                exchange => exchange.SendAsync(exchange.Frame([.. exchange.Answer[..2], .. "00"u8, .. Encoding.ASCII.GetBytes(PanDigits)])),
                exchange => { exchange.Kill(); return Task.CompletedTask; },
            })
            {
                rig.Emulator.Handle = fault;
                await rig.UntilConnectedAsync();
                Say(await rig.Hsm.VerifyCardValueAsync(PayShieldRig.Cvv() with { Pan = pan }, value, default));
                await rig.UntilConnectedAsync();
                Say(await rig.Hsm.VerifyPinAsync(HsmCards.Input(new("zpk"), Pin, Key, pan), PinReference.VisaPvv(new("pvk"), 1, HsmCards.Digits(9071, 4)), default));
                await rig.UntilConnectedAsync();
                Say((await rig.Hsm.TranslatePinAsync(HsmCards.Input(new("zpk"), Pin, Key, pan), new("other"), PinBlockFormat.Iso0, default)).Status);
                listener.RecordObservableInstruments();
            }

            Say(rig.Hsm);
            Say(rig.Hsm.Figures);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Catch;
        }

        string all;
        lock (told)
            all = told.ToString();
        Assert.Contains("processor.hsm.commands", all, StringComparison.Ordinal);
        AssertClean(all, Secrets());

        // Tests beside this one throw too, and are listened to as well.
        void Say(object what)
        {
            lock (told)
                told.Append(what);
        }

        void Tell(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (told)
            {
                told.Append(instrument.Name);
                foreach (var tag in tags)
                    told.Append(tag.Key).Append(tag.Value);
            }
        }
    }

    private static string[] Secrets() => [Key, Key[..16], Key[16..], EmulatorKeys.Token(Key)[1..], PanDigits, PanDigits[3..15], Pin, BitConverter.ToString(Convert.FromHexString(Key))];

    private static void AssertClean(string? text, string[] secrets)
    {
        foreach (var secret in secrets)
            Assert.DoesNotContain(secret, text ?? "", StringComparison.OrdinalIgnoreCase);
    }

    private static bool OverridesText(Type type) =>
        type.GetMethod(nameof(ToString), Type.EmptyTypes)!.GetCustomAttribute<CompilerGeneratedAttribute>() is null;

    private static IEnumerable<Type> Printed(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
            .Where(member => member != typeof(Type) && !typeof(IEnumerator).IsAssignableFrom(member));
}
