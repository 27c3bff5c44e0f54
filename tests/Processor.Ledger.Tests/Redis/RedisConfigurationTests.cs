using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>How a configuration of Redis is read.</summary>
public sealed class RedisConfigurationTests
{
    [Fact]
    public void End_points_and_options_are_read()
    {
        var read = RedisConfiguration.Parse("10.0.0.1:6380, redis,[::1]:7000,user=ledger,password=a=b,ssl=true,sslHost=redis.example,defaultDatabase=2,connectTimeout=250,name=one,abortConnect=false,syncTimeout=1");

        Assert.Equal(["10.0.0.1:6380", "redis:6379", "::1:7000"], read.Endpoints.Select(endpoint => endpoint.ToString()));
        Assert.Equal(("ledger", "a=b", true, "redis.example"), (read.User, read.Password, read.IsEncrypted, read.CertificateHost));
        Assert.Equal((2, TimeSpan.FromMilliseconds(250), "one"), (read.Database, read.ConnectTimeout, read.ClientName));
    }

    [Theory]
    [InlineData("", "Redis: there is no end point.")]
    [InlineData("password=swordfish", "Redis: there is no end point.")]
    [InlineData("redis:6379,:7000", "Redis: end point 2 is not written as host:port.")]
    [InlineData("redis:65536", "Redis: end point 1 is not written as host:port.")]
    [InlineData("redis:0", "Redis: end point 1 is not written as host:port.")]
    [InlineData("redis,ssl=perhaps", "Redis: option ssl must be true or false.")]
    [InlineData("redis,connectTimeout=0", "Redis: option connectTimeout must be milliseconds.")]
    [InlineData("redis,defaultDatabase=-1", "Redis: option defaultDatabase must be a number of a database.")]
    [InlineData("redis,sll=true", "Redis: option sll is not known.")]
    [InlineData("redis,password=sword,fi:sh=1", "Redis: option in part 3 is not known.")]
    [InlineData("redis,password=sword,fish=1", "Redis: option in part 3 is not known.")]
    [InlineData("redis,password=sword,fish", "Redis: part 3 is no option, and end points stand before the options.")]
    [InlineData("redis,name=two words", "Redis: option name must be a name without spaces.")]
    [InlineData("::1", "Redis: end point 1 is not written as host:port.")]
    public void A_wrong_configuration_is_refused_and_no_value_of_it_told(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<FormatException>(() => RedisConfiguration.Parse(text)).Message);

    [Theory]
    [InlineData("MOVED 3999 127.0.0.1:6381", "127.0.0.1:6381", null)]
    [InlineData("MOVED 3999 :6381", ":6381", null)]
    [InlineData("MOVED 3999 2001:db8::1:6381", "2001:db8::1:6381", null)]
    [InlineData("ASK 3999 127.0.0.1:6381", null, "127.0.0.1:6381")]
    [InlineData("ASK x 127.0.0.1:6381", null, null)]
    [InlineData("MOVED 3999", null, null)]
    [InlineData("MOVEDX 3999 127.0.0.1:6381", null, null)]
    [InlineData("ERR MOVED 3999", null, null)]
    public void A_refusal_says_where_to_go(string message, string? moved, string? asked)
    {
        var refusal = new RedisErrorException(message);

        Assert.Equal((moved, asked), (refusal.Moved?.ToString(), refusal.Asked?.ToString()));
    }
}
