using System.Collections.Concurrent;
using System.Net;
using Processor.Testing;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>What becomes of commands when the device, or the line to it, does what it likes. Nothing of it is ever a success.</summary>
public sealed class PayShieldLineTests
{
    private const int DamageRounds = 300;

    private static readonly SecretDigits Value = HsmCards.Digits(561, 3);

    [Theory]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(12, true)]
    [InlineData(12, false)]
    public async Task Headers_and_lengths_are_as_the_device_is_set_up(int headerLength, bool countsHeader)
    {
        await using var rig = await PayShieldRig.StartAsync(
            settings => (settings.HeaderLength, settings.LengthCountsHeader) = (headerLength, countsHeader),
            new PayShieldEmulator(headerLength, countsHeader));

        Assert.Equal(HsmStatus.Ok, await AskAsync(rig));
        Assert.Equal(HsmStatus.Ok, await rig.Hsm.CheckHealthAsync(default));
    }

    [Fact]
    public async Task Answers_in_any_order_find_their_commands()
    {
        await using var rig = await PayShieldRig.StartAsync();
        var held = new List<EmulatorExchange>();
        rig.Emulator.Handle = async exchange =>
        {
            held.Add(exchange);
            if (held.Count < 20)
                return;
            foreach (var earlier in Enumerable.Reverse(held))
                await earlier.SendAsync();
        };

        var answers = await Task.WhenAll(Enumerable.Range(551, 20).Select(number => AskAsync(rig, HsmCards.Digits((ulong)number, 3)).AsTask()));

        Assert.Equal(Enumerable.Range(551, 20).Select(number => number == 561 ? HsmStatus.Ok : HsmStatus.VerificationFailed), answers);
    }

    [Fact]
    public async Task An_answer_may_come_in_any_pieces()
    {
        await using var rig = await PayShieldRig.StartAsync();
        for (var cut = 1; cut < 14; cut++)
        {
            rig.Emulator.Handle = async exchange =>
            {
                var frame = exchange.Frame();
                await exchange.SendAsync(frame[..cut]);
                await Task.Yield();
                await exchange.SendAsync(frame[cut..]);
            };

            Assert.Equal(HsmStatus.Ok, await AskAsync(rig));
        }
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_is_no_answer_wherever_it_is_cut()
    {
        await using var rig = await PayShieldRig.StartAsync(settings => settings.FailuresToOpen = 2);
        for (var cut = 0; cut < 14; cut++)
        {
            rig.Emulator.Handle = async exchange =>
            {
                await exchange.SendAsync(exchange.Frame()[..cut]);
                exchange.Kill();
            };

            Assert.Equal(HsmStatus.Unavailable, await AskAsync(rig));
            rig.Emulator.Handle = null;
            await AnsweredAsync(rig);
        }

        Assert.Equal(HsmStatus.Ok, await AskAsync(rig));
    }

    [Fact]
    public async Task A_line_that_dies_is_one_failure_however_many_waited()
    {
        await using var rig = await PayShieldRig.StartAsync(settings => settings.FailuresToOpen = 2);
        rig.Emulator.Handle = _ => Task.CompletedTask;
        var waiting = Enumerable.Range(0, 10).Select(_ => AskAsync(rig).AsTask()).ToArray();
        await PayShieldRig.UntilAsync(() => rig.Emulator.Received == 10);

        rig.Emulator.Kill();

        Assert.All(await Task.WhenAll(waiting), status => Assert.Equal(HsmStatus.Unavailable, status));
        Assert.False(rig.Hsm.Figures.IsBreakerOpen);
        await rig.UntilConnectedAsync();
        rig.Emulator.Handle = exchange =>
        {
            exchange.Kill();
            return Task.CompletedTask;
        };
        Assert.Equal(HsmStatus.Unavailable, await AskAsync(rig));
        Assert.True(rig.Hsm.Figures.IsBreakerOpen);
    }

    [Fact]
    public async Task Whoever_waits_when_the_module_is_disposed_hears_that_nothing_is_known()
    {
        await using var rig = await PayShieldRig.StartAsync();
        rig.Emulator.Handle = _ => Task.CompletedTask;
        var waiting = AskAsync(rig).AsTask();
        await PayShieldRig.UntilAsync(() => rig.Emulator.Received == 1);

        await rig.Hsm.DisposeAsync();
        await rig.Hsm.DisposeAsync();

        Assert.Equal(HsmStatus.Unavailable, await waiting);
        Assert.Equal(HsmStatus.Unavailable, await AskAsync(rig));
    }

    [Fact]
    public async Task A_late_answer_is_thrown_away_and_counted()
    {
        await using var rig = await PayShieldRig.StartAsync();
        EmulatorExchange? kept = null;
        rig.Emulator.Handle = exchange =>
        {
            kept = exchange;
            return Task.CompletedTask;
        };
        var slow = AskAsync(rig).AsTask();
        await PayShieldRig.UntilAsync(() => kept is not null);

        rig.Clock.Advance(1_000);
        Assert.Equal(HsmStatus.Timeout, await slow);
        Assert.Equal(1, rig.Hsm.Owed);
        rig.Emulator.Handle = async exchange =>
        {
            await kept!.SendAsync();
            await exchange.SendAsync();
        };

        Assert.Equal(HsmStatus.VerificationFailed, await AskAsync(rig, HsmCards.Digits(562, 3)));
        Assert.Equal((1, 0, 0), (rig.Hsm.Figures.LateAnswers, rig.Hsm.Figures.MalformedAnswers, rig.Hsm.Owed));
    }

    [Fact]
    public async Task A_caller_that_goes_away_hears_that_nothing_is_known()
    {
        await using var rig = await PayShieldRig.StartAsync(settings => settings.FailuresToOpen = 1);
        rig.Emulator.Handle = _ => Task.CompletedTask;
        using var patience = new CancellationTokenSource();
        var asked = rig.Hsm.VerifyCardValueAsync(PayShieldRig.Cvv(), Value, patience.Token).AsTask();
        await PayShieldRig.UntilAsync(() => rig.Emulator.Received == 1);

        await patience.CancelAsync();

        Assert.Equal(HsmStatus.Timeout, await asked);
        Assert.False(rig.Hsm.Figures.IsBreakerOpen);
    }

    [Fact]
    public async Task Silence_opens_the_breaker_and_one_answer_closes_it()
    {
        await using var rig = await PayShieldRig.StartAsync(settings => (settings.FailuresToOpen, settings.ProbeMilliseconds) = (3, 5_000));
        rig.Emulator.Handle = _ => Task.CompletedTask;
        for (var count = 1; count <= 3; count++)
            Assert.Equal(HsmStatus.Timeout, await TimedOutAsync(rig, count));

        Assert.Equal((true, 1), (rig.Hsm.Figures.IsBreakerOpen, rig.Hsm.Figures.BreakerOpenings));
        Assert.Equal(HsmStatus.Unavailable, await AskAsync(rig));
        Assert.Equal(HsmStatus.Unavailable, await rig.Hsm.CheckHealthAsync(default));
        Assert.Equal(3, rig.Emulator.Received);

        rig.Clock.Advance(5_000);
        Assert.Equal(HsmStatus.Timeout, await TimedOutAsync(rig, 4));
        Assert.Equal(HsmStatus.Unavailable, await AskAsync(rig));
        rig.Emulator.Handle = null;
        rig.Clock.Advance(5_000);
        Assert.Equal(HsmStatus.Ok, await AskAsync(rig));
        Assert.Equal(HsmStatus.Ok, await AskAsync(rig));
        Assert.Equal((false, 2), (rig.Hsm.Figures.IsBreakerOpen, rig.Hsm.Figures.BreakerOpenings));
    }

    [Fact]
    public async Task More_than_the_bound_is_throttled_and_the_others_are_answered()
    {
        await using var rig = await PayShieldRig.StartAsync(settings => settings.InFlightMax = 4);
        var held = new ConcurrentQueue<EmulatorExchange>();
        rig.Emulator.Handle = exchange =>
        {
            held.Enqueue(exchange);
            return Task.CompletedTask;
        };
        var waiting = Enumerable.Range(0, 4).Select(_ => AskAsync(rig).AsTask()).ToArray();

        Assert.Equal(HsmStatus.Throttled, await AskAsync(rig));
        await PayShieldRig.UntilAsync(() => held.Count == 4);
        foreach (var exchange in held)
            await exchange.SendAsync();

        Assert.All(await Task.WhenAll(waiting), status => Assert.Equal(HsmStatus.Ok, status));
        rig.Emulator.Handle = null;
        Assert.Equal(HsmStatus.Ok, await AskAsync(rig));
    }

    [Fact]
    public async Task A_device_that_owes_too_many_answers_gets_a_new_line()
    {
        await using var rig = await PayShieldRig.StartAsync(settings => settings.InFlightMax = 2);
        rig.Emulator.Handle = _ => Task.CompletedTask;
        for (var count = 1; count <= 3; count++)
            Assert.Equal(HsmStatus.Timeout, await TimedOutAsync(rig, count));

        await PayShieldRig.UntilAsync(() => rig.Hsm.Figures.LostLines == 1);
        rig.Emulator.Handle = null;

        await AnsweredAsync(rig);
    }

    [Fact]
    public async Task Commands_are_spread_over_the_lines()
    {
        await using var rig = await PayShieldRig.StartAsync(settings => settings.Connections = 3);
        var held = new ConcurrentQueue<EmulatorExchange>();
        rig.Emulator.Handle = exchange =>
        {
            held.Enqueue(exchange);
            return Task.CompletedTask;
        };
        var waiting = Enumerable.Range(0, 6).Select(_ => AskAsync(rig).AsTask()).ToArray();
        await PayShieldRig.UntilAsync(() => held.Count == 6);

        held.First().Kill();
        await PayShieldRig.UntilAsync(() => waiting.Count(task => task.IsCompleted) == 2);
        foreach (var exchange in held)
            await Record.ExceptionAsync(() => exchange.SendAsync());

        var answers = await Task.WhenAll(waiting);
        Assert.Equal((2, 4), (answers.Count(status => status == HsmStatus.Unavailable), answers.Count(status => status == HsmStatus.Ok)));
    }

    [Fact]
    public async Task Nobody_there_is_unavailable_at_once_and_opens_no_breaker()
    {
        var settings = PayShieldRig.Settings(FreePorts.Take());
        settings.Host = IPAddress.Loopback.ToString();
        var clock = new ManualClock();
        await using var hsm = new PayShieldHsm(settings, clock);
        await PayShieldRig.UntilAsync(() =>
        {
            clock.Advance(10_000);
            return hsm.Figures.LostLines > 3;
        });

        Assert.Equal(HsmStatus.Unavailable, await hsm.CheckHealthAsync(default));
        Assert.Equal(HsmStatus.Unavailable, await hsm.VerifyCardValueAsync(PayShieldRig.Cvv(), Value, default));
        Assert.False(hsm.Figures.IsBreakerOpen);
    }

    [Fact]
    public async Task Answers_that_cannot_be_read_are_faults_and_the_line_goes_on()
    {
        await using var rig = await PayShieldRig.StartAsync();
        byte[][] answers = ["CX00"u8.ToArray(), "CZ"u8.ToArray().Concat("0"u8.ToArray()).Concat(new byte[] { 0 }).ToArray(), "CZXY"u8.ToArray(), "CZ41"u8.ToArray()];
        foreach (var answer in answers)
        {
            rig.Emulator.Handle = exchange => exchange.SendAsync(exchange.Frame(answer));
            Assert.Equal(HsmStatus.DeviceFault, await AskAsync(rig));
        }

        // An answer that nobody asked for, before the right one.
        rig.Emulator.Handle = async exchange =>
        {
            await exchange.SendAsync(exchange.Frame("99999999"u8.ToArray(), "CZ00"u8.ToArray()));
            await exchange.SendAsync(exchange.Frame("HEADERS!"u8.ToArray(), "CZ00"u8.ToArray()));
            await exchange.SendAsync();
        };
        Assert.Equal(HsmStatus.VerificationFailed, await AskAsync(rig, HsmCards.Digits(562, 3)));
        Assert.Equal((0, 3), (rig.Hsm.Figures.LostLines, rig.Hsm.Figures.MalformedAnswers));
    }

    [Fact]
    public async Task A_length_that_no_answer_has_ends_the_line()
    {
        await using var rig = await PayShieldRig.StartAsync();
        rig.Emulator.Handle = exchange => exchange.SendAsync([0, 3, 1, 2, 3]);

        Assert.Equal(HsmStatus.Unavailable, await AskAsync(rig));
        await PayShieldRig.UntilAsync(() => rig.Hsm.Figures.LostLines == 1);
        rig.Emulator.Handle = null;
        await AnsweredAsync(rig);
    }

    [Fact]
    public async Task No_damage_to_an_answer_makes_a_wrong_value_right_or_throws()
    {
        await using var rig = await PayShieldRig.StartAsync(settings => (settings.FailuresToOpen, settings.TimeoutMilliseconds) = (10_000, 60_000));
        await Seeds.RunAsync(20261121, async random =>
        {
            for (var round = 0; round < DamageRounds; round++)
            {
                rig.Emulator.Handle = exchange =>
                {
                    // The error code stays as it is: a device that says 00 is believed.
                    var answer = exchange.Answer;
                    var length = random.Next(4, answer.Length + 3);
                    var damaged = new byte[length];
                    random.NextBytes(damaged);
                    answer.AsSpan(0, Math.Min(random.Next(4, length + 1), answer.Length)).CopyTo(damaged);
                    return exchange.SendAsync(exchange.Frame(damaged));
                };

                var arqc = await rig.Hsm.VerifyArqcAsync(PayShieldRig.Arqc(change: 1), default);
                Assert.Equal((HsmStatus.VerificationFailed, 0, 0), (arqc.Status, arqc.Approval.Length, arqc.Decline.Length));
                Assert.True((await rig.Hsm.GenerateCardValueAsync(PayShieldRig.Cvv(), 3, default)).Status is HsmStatus.Ok or HsmStatus.DeviceFault);
                Assert.True((await rig.Hsm.TranslatePinAsync(HsmCards.Input(new("zpk"), "4711"), new("other"), PinBlockFormat.Iso0, default)).Status is HsmStatus.Ok or HsmStatus.DeviceFault);
                Assert.True(await rig.Hsm.GenerateMacAsync(PayShieldRig.Mac(), new byte[8], default) is HsmStatus.Ok or HsmStatus.DeviceFault);
                Assert.True((await rig.Hsm.GenerateScriptAsync(PayShieldRig.Script(EmvProfile.VisaCvn18), default)).Status is HsmStatus.Ok or HsmStatus.DeviceFault);
            }
        });
    }

    [Fact]
    public async Task Many_callers_on_lines_that_keep_dying_get_right_answers_or_none()
    {
        await using var rig = await PayShieldRig.StartAsync(settings => (settings.Connections, settings.FailuresToOpen) = (4, 10_000));
        var received = 0;
        rig.Emulator.Handle = exchange =>
        {
            if (Interlocked.Increment(ref received) % 97 != 0)
                return exchange.SendAsync();
            exchange.Kill();
            return Task.CompletedTask;
        };

        var counts = await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var (answered, number) = (0, (ulong)(553 + caller));
            for (var count = 0; count < 200; count++)
            {
                rig.Clock.Advance(1);
                var status = await AskAsync(rig, HsmCards.Digits(number, 3));
                Assert.True(status == (number == 561 ? HsmStatus.Ok : HsmStatus.VerificationFailed) || status is HsmStatus.Unavailable or HsmStatus.Timeout or HsmStatus.Throttled);
                answered += status is HsmStatus.Ok or HsmStatus.VerificationFailed ? 1 : 0;
            }

            return answered;
        })));

        Assert.True(counts.Sum() > 0);
        await PayShieldRig.UntilAsync(() => rig.Hsm.Owed == 0);
    }

    private static ValueTask<HsmStatus> AskAsync(PayShieldRig rig, SecretDigits? value = null) =>
        rig.Hsm.VerifyCardValueAsync(PayShieldRig.Cvv(), value ?? Value, default);

    private static async Task<HsmStatus> TimedOutAsync(PayShieldRig rig, int received)
    {
        var asked = AskAsync(rig).AsTask();
        await PayShieldRig.UntilAsync(() => rig.Emulator.Received == received);
        rig.Clock.Advance(1_000);
        return await asked;
    }

    /// <summary>Waits until the line is back.</summary>
    private static async Task AnsweredAsync(PayShieldRig rig)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await rig.Hsm.CheckHealthAsync(default) != HsmStatus.Ok)
        {
            rig.Clock.Advance(50);
            await Task.Delay(TimeSpan.FromMilliseconds(2), patience.Token);
        }
    }
}
