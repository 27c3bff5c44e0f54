using System.Globalization;
using Processor.Cards;
using Processor.Cli.Commands;
using Processor.Cli.Load;
using Processor.Cli.Network;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Cli.Tests;

/// <summary>Credentials that are made before a load, held to a security module with the demo's keys, as a host has it.</summary>
public sealed class PreparedPurchasesTests : IAsyncLifetime, IDisposable
{
    private const int Sampled = 64;

    private static readonly byte[] NoIssuer = [0x91, 8, 1, 2, 3, 4, 0, 0x82, 0, 0];

    private readonly SoftwareHsm module = SoftwareHsm.InMemory(new());

    public Task InitializeAsync() => DemoKeys.AddToAsync(module.Keys, CancellationToken.None);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(3, 3)]
    public void Each_chip_is_right_and_its_counters_come_once_and_in_order(int connections, int cards)
    {
        var plan = Plan(connections, cards, chips: 60);
        var last = new Dictionary<int, int>();
        var taken = 0;
        for (var connection = 0; connection < connections; connection++)
        {
            var chips = new PreparedPurchases(plan, connection);
            for (var count = 0; count < plan.ChipsOf(connection); count++, taken++)
            {
                var (index, card, amount) = chips.Take();
                var icc = IccOf(chips, index);

                Assert.Equal(connection, card % connections);
                Assert.Equal(HsmStatus.Ok, Verify(PanOf(plan, card), icc).Status);
                Assert.Equal(amount, int.Parse(Convert.ToHexString(icc.Amount), CultureInfo.InvariantCulture));
                Assert.InRange(amount, 5_00, 6_00);
                Assert.Equal(last.GetValueOrDefault(card, plan.FirstCounter - 1) + 1, icc.Atc);
                last[card] = icc.Atc;
            }

            Assert.Equal(0, chips.Take().Index);
        }

        Assert.Equal((60, cards), (taken, last.Count));
        Assert.True(plan.CountersEach >= last.Values.Max() - plan.FirstCounter + 1);
    }

    [Theory]
    [InlineData("chip")]
    [InlineData("chip=4,stripe=2,keyed=2,pin=4")]
    public void As_many_are_wrong_as_were_asked_for_and_the_same_for_the_same_seed(string entries)
    {
        var plan = Plan(connections: 1, cards: 10, chips: 2000) with { WrongShare = 0.25, Entries = EntryMix.Parse(entries) };

        var found = Check(plan);

        Assert.InRange(found.Count(wrong => wrong != WrongCredential.None), 400, 600);
        Assert.Equal(found, Check(plan));
        Assert.NotEqual(found, Check(plan with { Seed = plan.Seed + 1 }));
        var wanted = entries == "chip" ? [WrongCredential.Cryptogram, WrongCredential.TrackValue] : Enum.GetValues<WrongCredential>().Skip(1);
        foreach (var wrong in wanted)
            Assert.InRange(found.Count(item => item == wrong), 40, 300);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.9)]
    public void No_card_is_blocked_by_wrong_PINs(double share)
    {
        var plan = Plan(connections: 1, cards: 5, chips: 2000) with { WrongShare = share, Entries = EntryMix.Parse("pin=3,chip=1") };
        var prepared = new PreparedPurchases(plan, 0);
        var isRightBefore = new bool[5];
        var wrongPins = 0;
        for (var count = 0; count < plan.Chips; count++)
        {
            var (index, card, _) = prepared.Take();
            if (prepared.EntryOf(index) != CardEntry.Pin)
                continue;
            var wrong = prepared.WrongOf(index);
            if (wrong == WrongCredential.Pin)
            {
                Assert.True(isRightBefore[card], "A wrong PIN without a right one before it.");
                wrongPins++;
            }

            // Beside another wrong credential a PIN does not count.
            if (wrong is WrongCredential.None or WrongCredential.Pin)
                isRightBefore[card] = wrong == WrongCredential.None;
        }

        Assert.InRange(wrongPins, 50, 1000);
    }

    [Theory]
    [InlineData("keyed=1,stripe=x")]
    [InlineData("swiped=1")]
    [InlineData("chip=1,chip=2")]
    [InlineData("chip=0")]
    public void Entries_that_make_no_sense_are_refused(string entries) => Assert.Throws<FormatException>(() => EntryMix.Parse(entries));

    [Fact]
    public void The_track_is_the_chips_own()
    {
        var plan = Plan(connections: 1, cards: 3, chips: 3);
        var prepared = new PreparedPurchases(plan, 0);
        for (var card = 0; card < 3; card++)
            Assert.Equal(new DemoCard(PanOf(plan, card)).ChipTrack2, Fill(prepared, prepared.Take().Index)[35]);
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    public async Task A_load_of_credentials_is_answered_and_the_answers_are_looked_at(bool isIssuerKnown, bool isCredulous, bool isClean)
    {
        var (refused, approved, believed) = (0, 0, 0);
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2, (in MessageView request, ref MessageWriter response) =>
        {
            if (request.Has(70))
                return TestIssuer.Approve(in request, ref response);
            var message = Iso8583Message.From(request);
            Assert.True(Pan.TryFromDigits(System.Text.Encoding.ASCII.GetBytes(message[2]!), out var pan));
            var wrong = Judge(pan, message);
            if (wrong != WrongCredential.Cryptogram && message[55] is { } icc)
                response.SetBinary(55, isIssuerKnown ? Answer(pan, icc) : NoIssuer);
            if (wrong != WrongCredential.None && !isCredulous)
            {
                Interlocked.Increment(ref refused);
                response.SetText(39, "82"u8);
                return true;
            }

            Interlocked.Increment(ref approved);
            if (wrong != WrongCredential.None)
                Interlocked.Increment(ref believed);
            return TestIssuer.Approve(in request, ref response);
        });
        var plan = LoadRunTests.Plan(issuer, 2000, 2) with
        {
            Cards = CardList.Demo(20),
            Chips = 2000,
            WrongShare = 0.25,
            Entries = EntryMix.Parse("chip=4,stripe=2,keyed=2,pin=4"),
            Mix = TrafficMix.Purchases,
        };

        var result = await LoadRunTests.RunAsync(plan);

        Assert.Equal((isClean, 800), (result.IsClean, result.Totals.Sent));
        Assert.Equal((approved, refused), (result.Totals.Codes.ToDictionary()["00"], result.Totals.Codes.ToDictionary().GetValueOrDefault("82")));
        Assert.Equal((refused + believed, believed), (result.Totals.WrongAnswered, result.Totals.WrongApproved));
        Assert.InRange(result.Totals.WrongAnswered, 120, 280);
        Assert.InRange(result.Totals.ChipsJudged, 1, 800 / Sampled);
        Assert.Equal(isIssuerKnown ? 0 : result.Totals.ChipsJudged, result.Totals.IssuersUnknown);
    }

    [Fact]
    public async Task The_command_prepares_chips_and_tells_what_they_saw()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2, (in MessageView request, ref MessageWriter response) =>
        {
            if (!request.Has(70))
                response.SetBinary(55, NoIssuer);
            return TestIssuer.Approve(in request, ref response);
        });

        var (code, text, _) = await LoadAsync(issuer, "--credentials", "300", "--card-count", "10");
        var (plain, without, _) = await LoadAsync(issuer, "--card-count", "10");
        var (few, _, error) = await LoadAsync(issuer, "--credentials", "300", "--card-count", "1");

        Assert.Equal((ExitCode.Failed, ExitCode.Done, ExitCode.Usage), (code, plain, few));
        Assert.Contains("looked at their answer", text, StringComparison.Ordinal);
        Assert.DoesNotContain("looked at their answer", without, StringComparison.Ordinal);
        Assert.Contains("--card-count", error, StringComparison.Ordinal);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => module.Dispose();

    private static async Task<(int Code, string Output, string Error)> LoadAsync(TestIssuer issuer, params string[] more)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        string[] args = ["load", "--port", issuer.Port.ToString(CultureInfo.InvariantCulture), "--rate", "500", "--seconds", "0.2", "--connections", "2", .. more];
        return (await CommandTree.RunAsync(args, output, error, TimeProvider.System), output.ToString(), error.ToString());
    }

    private static LoadPlan Plan(int connections, int cards, int chips) => new()
    {
        Endpoint = new Endpoint("127.0.0.1", 1, TestDialects.Ascii, Framing.Binary2),
        Rate = 100,
        Seconds = 1,
        Connections = connections,
        Cards = CardList.Demo(cards),
        Chips = chips,
        FirstCounter = 7,
        MinorUnitsMin = 5_00,
        MinorUnitsMax = 6_00,
    };

    private static Pan PanOf(LoadPlan plan, int card)
    {
        var text = plan.Cards.PanOf(card).ToString($"D{plan.Cards.PanLengthOf(card)}", CultureInfo.InvariantCulture);
        Assert.True(Pan.TryFromDigits(System.Text.Encoding.ASCII.GetBytes(text), out var pan));
        return pan;
    }

    private static IccData IccOf(PreparedPurchases prepared, int index)
    {
        Assert.Equal(IccStatus.Ok, IccData.TryRead(Convert.FromHexString(Fill(prepared, index)[55]!), out var read));
        return read;
    }

    /// <summary>The message of one, as its template and what is written over it come to.</summary>
    private static Iso8583Message Fill(PreparedPurchases prepared, int index)
    {
        var message = new Iso8583Message(Mti.Parse("0100"));
        prepared.Fill(message, prepared.EntryOf(index));
        var bytes = message.ToBytes(TestDialects.Ascii);
        var layout = new MessageLayout();
        Assert.Equal(ParseStatus.Parsed, TestDialects.Ascii.TryParse(bytes, layout));
        prepared.Write(index, bytes, CredentialPlaces.Of(layout, TestDialects.Ascii));
        return Iso8583Message.Parse(TestDialects.Ascii, bytes);
    }

    /// <summary>Holds each to the module, and to what it says to be wrong.</summary>
    private List<WrongCredential> Check(LoadPlan plan)
    {
        var prepared = new PreparedPurchases(plan, 0);
        var found = new List<WrongCredential>();
        for (var count = 0; count < plan.Chips; count++)
        {
            var (index, card, _) = prepared.Take();
            found.Add(Judge(PanOf(plan, card), Fill(prepared, index)));
            Assert.Equal(prepared.WrongOf(index), found[^1]);
        }

        return found;
    }

    /// <summary>What is wrong about a message; at most one thing is.</summary>
    private WrongCredential Judge(Pan pan, Iso8583Message message)
    {
        var wrongs = new List<WrongCredential>();
        if (message[55] is { } icc)
        {
            Assert.Equal(IccStatus.Ok, IccData.TryRead(Convert.FromHexString(icc), out var read));
            Note(WrongCredential.Cryptogram, Verify(pan, read).Status);
        }

        if (message[35] is { } track)
            Note(WrongCredential.TrackValue, VerifyValue(pan, track[^3..], message[22] == "901" ? CardValueKind.Cvv : CardValueKind.Icvv));
        if (message[48] is { } text)
            Note(WrongCredential.VerificationValue, VerifyValue(pan, text[4..], CardValueKind.Cvv2));
        if (message[52] is { } block)
            Note(WrongCredential.Pin, VerifyPin(pan, Convert.FromHexString(block)));
        return wrongs.SingleOrDefault();

        void Note(WrongCredential wrong, HsmStatus status)
        {
            Assert.True(status is HsmStatus.Ok or HsmStatus.VerificationFailed, $"{wrong}: {status}");
            if (status != HsmStatus.Ok)
                wrongs.Add(wrong);
        }
    }

    private HsmStatus VerifyValue(Pan pan, string digits, CardValueKind kind)
    {
        Assert.True(SecretDigits.TryFromDigits(System.Text.Encoding.ASCII.GetBytes(digits), out var value));
        var request = new CardValueRequest
        {
            Kind = kind,
            Key = new(DemoKeys.CardValues),
            Pan = pan,
            Expiry = ushort.Parse(DemoCards.Expiry, CultureInfo.InvariantCulture),
            ServiceCode = DemoCard.ServiceCode,
        };
        return module.VerifyCardValueAsync(request, value, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    private HsmStatus VerifyPin(Pan pan, byte[] bytes)
    {
        Assert.True(PinBlock.TryFrom(bytes, out var block));
        return module.VerifyPinAsync(
            new PinInput { Key = new(DemoKeys.ZonePins), Format = PinBlockFormat.Iso0, Block = block, Pan = pan },
            PinReference.Ibm3624(new(DemoKeys.Pins), new Ibm3624Profile(), SecretDigits.FromNumber(0, 4)),
            CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Tag 91 that approves.</summary>
    private byte[] Answer(Pan pan, string icc)
    {
        Assert.Equal(IccStatus.Ok, IccData.TryRead(Convert.FromHexString(icc), out var read));
        var answer = new byte[10];
        (answer[0], answer[1]) = (0x91, 8);
        Verify(pan, read).Approval.CopyTo(answer.AsSpan(2));
        return answer;
    }

    private ArqcResult Verify(Pan pan, in IccData icc)
    {
        // The software module answers before the call returns.
        return module.VerifyArqcAsync(
            new ArqcRequest
            {
                Profile = EmvProfile.VisaCvn18,
                Key = new(DemoKeys.Cryptograms),
                Pan = pan,
                Psn = 0,
                Icc = icc,
                Approval = ArpcRequest.ForCardStatus(0x0082_0000),
            },
            CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }
}
