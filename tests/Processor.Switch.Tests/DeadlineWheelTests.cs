using Processor.Testing;

namespace Processor.Switch.Tests;

public sealed class DeadlineWheelTests
{
    [Fact]
    public void Deadlines_come_never_early_and_at_most_two_ticks_late_and_removed_ones_never()
    {
        Seeds.Run(20260102, dice =>
        {
            var clock = new TestClock();
            using var wheel = new DeadlineWheel(clock, TimeSpan.FromSeconds(1));
            var owners = new List<Owner>();
            for (var run = 0; run < 2000; run++)
            {
                var owner = new Owner(clock, due: dice.Next(0, 1001));
                owners.Add(owner);
                wheel.Add(owner.Entry, owner.Due);
                if (dice.Next(3) == 0)
                {
                    var other = owners[dice.Next(owners.Count)];
                    wheel.Remove(other.Entry);
                    other.IsRemoved = true;
                }

                clock.Advance(TimeSpan.FromMilliseconds(dice.Next(0, 8)));
            }

            clock.Advance(TimeSpan.FromSeconds(2));

            foreach (var owner in owners)
            {
                if (owner.Late is { } late)
                    Assert.InRange(late.TotalMilliseconds, 0, 2 * DeadlineWheel.TickMilliseconds + 5);
                else
                    Assert.True(owner.IsRemoved);
                Assert.InRange(owner.Times, 0, 1);
            }
        });
    }

    [Fact]
    public void An_entry_is_used_again_after_it_was_removed_or_expired()
    {
        var clock = new TestClock();
        using var wheel = new DeadlineWheel(clock, TimeSpan.FromSeconds(1));
        var owner = new Owner(clock, due: 100);

        for (var run = 1; run <= 100; run++)
        {
            wheel.Add(owner.Entry, 100);
            wheel.Remove(owner.Entry);
            wheel.Add(owner.Entry, 100);
            clock.Advance(TimeSpan.FromMilliseconds(200));
            Assert.Equal(run, owner.Times);
        }
    }

    [Fact]
    public void An_owner_that_was_answered_is_not_told()
    {
        var clock = new TestClock();
        using var wheel = new DeadlineWheel(clock, TimeSpan.FromSeconds(1));
        var owner = new Owner(clock, due: 100) { IsAnswered = true };
        wheel.Add(owner.Entry, 100);

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, owner.Times);
    }

    [Fact]
    public async Task Adding_removing_and_expiring_on_many_threads_loses_nobody()
    {
        using var wheel = new DeadlineWheel(TimeProvider.System, TimeSpan.FromSeconds(1));
        var expired = new CountdownEvent(4 * 5_000);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var run = 0; run < 5_000; run++)
            {
                wheel.Add(new Counted(expired).Entry, 10 + (run % 50));
                var removed = new Counted(expired: null);
                wheel.Add(removed.Entry, 500 + thread);
                wheel.Remove(removed.Entry);
            }
        })));

        Assert.True(expired.Wait(Peer.Patience));
    }

    private sealed class Owner : IExpirable
    {
        private readonly TestClock clock;
        private readonly DateTimeOffset added;

        public Owner(TestClock clock, int due)
        {
            this.clock = clock;
            Due = due;
            added = clock.GetUtcNow();
            Entry = new(this);
        }

        public DeadlineEntry Entry { get; }

        public int Due { get; }

        public bool IsRemoved { get; set; }

        public bool IsAnswered { get; init; }

        public int Times { get; private set; }

        public TimeSpan? Late { get; private set; }

        public bool TryExpire() => !IsAnswered;

        public void OnExpired()
        {
            Times++;
            Late = clock.GetUtcNow() - added - TimeSpan.FromMilliseconds(Due);
        }
    }

    private sealed class Counted : IExpirable
    {
        private readonly CountdownEvent? expired;

        public Counted(CountdownEvent? expired)
        {
            this.expired = expired;
            Entry = new(this);
        }

        public DeadlineEntry Entry { get; }

        public bool TryExpire() => true;

        public void OnExpired() => (expired ?? throw new InvalidOperationException("Removed, and told all the same.")).Signal();
    }
}
