using Xunit;

namespace Processor.Security.Tests;

public sealed class CircuitBreakerTests
{
    private readonly ManualClock clock = new();
    private readonly CircuitBreaker breaker;

    public CircuitBreakerTests() => breaker = new(3, TimeSpan.FromMilliseconds(100), clock);

    [Fact]
    public void It_opens_at_so_many_failures_in_a_row_and_not_before()
    {
        Fail(2);
        Assert.True(breaker.TryEnter(out _));
        breaker.Succeeded(isProbe: false);
        Fail(2);
        Assert.False(breaker.IsOpen);
        Fail(1);

        Assert.True(breaker.IsOpen);
        Assert.False(breaker.TryEnter(out _));
    }

    [Fact]
    public void One_probe_decides_and_nobody_else_is_let_in()
    {
        Fail(3);
        clock.Advance(99);
        Assert.False(breaker.TryEnter(out _));
        clock.Advance(1);

        Assert.True(breaker.TryEnter(out var isProbe));
        Assert.True(isProbe);
        Assert.False(breaker.TryEnter(out _));
        breaker.Failed(isProbe: true);
        Assert.False(breaker.TryEnter(out _));
        clock.Advance(100);
        Assert.True(breaker.TryEnter(out _));
        breaker.Succeeded(isProbe: true);
        Assert.True(breaker.TryEnter(out isProbe));
        Assert.False(isProbe);
    }

    [Fact]
    public void An_abandoned_probe_leaves_its_place_to_the_next()
    {
        Fail(3);
        clock.Advance(100);
        Assert.True(breaker.TryEnter(out _));

        breaker.Abandoned(isProbe: true);

        Assert.True(breaker.TryEnter(out var isProbe));
        Assert.True(isProbe);
    }

    [Fact]
    public void What_was_asked_before_it_opened_neither_closes_nor_prolongs_it()
    {
        Fail(3);
        clock.Advance(60);
        breaker.Succeeded(isProbe: false);
        breaker.Failed(isProbe: false);

        Assert.True(breaker.IsOpen);
        clock.Advance(40);
        Assert.True(breaker.TryEnter(out _));
        Assert.Equal(1, breaker.Opened);
    }

    private void Fail(int count)
    {
        for (; count > 0; count--)
        {
            Assert.True(breaker.TryEnter(out var isProbe));
            breaker.Failed(isProbe);
        }
    }
}
