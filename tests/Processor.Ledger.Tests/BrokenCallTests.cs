using System.Globalization;
using Processor.Testing;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>What a call that breaks in the middle of being sent does to others.</summary>
public sealed class BrokenCallTests
{
    private const int Breaks = 5;
    private const int CallsAtOnce = 200;

    // More than the sockets between the client and the test have room for.
    private const int Length = 24 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Of_calls_after_one_that_broke_each_is_told_its_own_reply()
    {
        await using var redis = await LocalRedis.StartOwnAsync();
        using var well = await RedisLink.ConnectAsync(redis.ConnectionString, TimeProvider.System);
        for (var index = 0; index < Breaks; index++)
        {
            await BreakAsync(redis.Port);

            var told = await Task.WhenAll(Enumerable.Range(0, CallsAtOnce).Select(number => EchoAsync(well, number)));

            Assert.Equal(Enumerable.Range(0, CallsAtOnce).Select(number => number.ToString(CultureInfo.InvariantCulture)), told);
        }
    }

    private static async Task BreakAsync(int port)
    {
        var line = new StuckLine(port);
        using var link = await RedisLink.ConnectAsync(line.ConnectionString, TimeProvider.System);
        await link.PingAsync();
        line.Stop();

        // Nobody waits for it any more, as when a call's time has passed.
        var call = link.EvaluateAsync("return 1", ["key"], [new byte[Length]]);
        await UntilAsync(() => line.Waiting > 0);
        line.Dispose();
        await UntilAsync(() => call.IsCompleted);
        Assert.True(call.IsFaulted);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!isSo())
            await Task.Delay(1, patience.Token);
    }

    private static async Task<string?> EchoAsync(RedisLink link, int number) =>
        (string?)await link.EvaluateAsync("return ARGV[1]", ["key"], [number]);
}
