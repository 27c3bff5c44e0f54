using Processor.Testing;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>The slot of a key.</summary>
public sealed class RedisSlotTests
{
    // The check value of CRC16 (XMODEM), and the examples of the Redis Cluster specification.
    [Fact]
    public void The_slot_is_the_checksum_of_the_key()
    {
        Assert.Equal(0x31C3, RedisSlot.Of("123456789"));
        Assert.Equal(RedisSlot.Of("user1000"), RedisSlot.Of("{user1000}.following"));
        Assert.Equal(RedisSlot.Of("{bar"), RedisSlot.Of("foo{{bar}}zap"));
        Assert.Equal(RedisSlot.Of("bar"), RedisSlot.Of("foo{bar}{zap}"));
        Assert.NotEqual(RedisSlot.Of("bar"), RedisSlot.Of("foo{}{bar}"));
    }

    [Fact]
    public async Task Redis_says_the_same_slot()
    {
        string[] keys = ["", "{}", "{", "}{", "a{b", "foo{}{bar}", "{p0}:meta", "{p1023}:acct:01JD", "pan:00ff", "\u00e9{\u00fc}"];
        await using var cluster = await LocalRedisCluster.StartAsync(masters: 1);

        foreach (var key in keys)
            Assert.Equal(await cluster.SlotOfAsync(key), RedisSlot.Of(key));
    }
}
