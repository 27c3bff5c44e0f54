using System.Globalization;
using Processor.Cards;
using Processor.Cli.Commands;
using Processor.Cli.Load;
using Processor.Cli.Network;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Cli.Tests;

/// <summary>Chip data that is made before a load, held to a security module with the demo's keys, as a host has it.</summary>
public sealed class PreparedChipsTests : IAsyncLifetime, IDisposable
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
            var chips = new PreparedChips(plan, connection);
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

    [Fact]
    public void As_many_are_wrong_as_were_asked_for_and_the_same_for_the_same_seed()
    {
        var plan = Plan(connections: 1, cards: 10, chips: 2000) with { WrongShare = 0.25 };

        var statuses = Statuses(plan);

        Assert.InRange(statuses.Count(status => status == HsmStatus.VerificationFailed), 400, 600);
        Assert.All(statuses, status => Assert.True(status is HsmStatus.Ok or HsmStatus.VerificationFailed));
        Assert.Equal(statuses, Statuses(plan));
        Assert.NotEqual(statuses, Statuses(plan with { Seed = plan.Seed + 1 }));
    }

    [Fact]
    public void The_track_is_the_chips_own()
    {
        var plan = Plan(connections: 1, cards: 3, chips: 3);
        var chips = new PreparedChips(plan, 0);
        for (var card = 0; card < 3; card++)
        {
            var track = new byte[2 + chips.TrackText.Length];
            chips.Write(chips.Take().Index, track.AsSpan(2), new byte[chips.IccText.Length / 2]);

            Assert.Equal(new DemoCard(PanOf(plan, card)).ChipTrack2, System.Text.Encoding.ASCII.GetString(track.AsSpan(2)));
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_load_of_chips_is_answered_and_the_chips_look_at_the_answers(bool isIssuerKnown, bool isClean)
    {
        var (refused, approved) = (0, 0);
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2, (in MessageView request, ref MessageWriter response) =>
        {
            if (request.Has(70))
                return TestIssuer.Approve(in request, ref response);
            var result = Verify(in request);
            if (result.Status != HsmStatus.Ok)
            {
                Interlocked.Increment(ref refused);
                response.SetText(39, "88"u8);
                return true;
            }

            Interlocked.Increment(ref approved);
            Span<byte> told = [0x91, 8, 0, 0, 0, 0, 0, 0, 0, 0];
            if (isIssuerKnown)
                result.Approval.CopyTo(told[2..]);
            else
                NoIssuer.CopyTo(told);
            response.SetBinary(55, told);
            return TestIssuer.Approve(in request, ref response);
        });
        var plan = LoadRunTests.Plan(issuer, 2000, 2) with { Cards = CardList.Demo(20), Chips = 2000, WrongShare = 0.25, Mix = TrafficMix.Purchases };

        var result = await LoadRunTests.RunAsync(plan);

        Assert.Equal((isClean, 800), (result.IsClean, result.Totals.Sent));
        Assert.Equal((approved, refused), (result.Totals.Codes.ToDictionary()["00"], result.Totals.Codes.ToDictionary()["88"]));
        Assert.InRange(refused, 120, 280);
        Assert.InRange(result.Totals.ChipsJudged, 1, 1 + (approved / (Sampled / 2)));
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

    private static IccData IccOf(PreparedChips chips, int index)
    {
        var icc = new byte[chips.IccText.Length / 2];
        chips.Write(index, new byte[chips.TrackText.Length], icc);
        Assert.Equal(IccStatus.Ok, IccData.TryRead(icc, out var read));
        return read;
    }

    private List<HsmStatus> Statuses(LoadPlan plan)
    {
        var chips = new PreparedChips(plan, 0);
        var statuses = new List<HsmStatus>();
        for (var count = 0; count < plan.Chips; count++)
        {
            var (index, card, _) = chips.Take();
            statuses.Add(Verify(PanOf(plan, card), IccOf(chips, index)).Status);
        }

        return statuses;
    }

    private ArqcResult Verify(in MessageView request)
    {
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        var icc = new byte[256];
        Assert.True(request.TryGetDigits(2, digits, out var length));
        Assert.True(Pan.TryFromDigits(digits[..length], out var pan));
        Assert.True(request.TryGetBinary(55, icc, out var iccLength));
        Assert.Equal(IccStatus.Ok, IccData.TryRead(icc.AsSpan(0, iccLength), out var read));
        return Verify(pan, read);
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
