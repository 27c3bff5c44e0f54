using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Processor.Security.Tests;

public sealed class ApiKeyTests
{
    [Fact]
    public void A_key_has_its_prefix_and_32_characters_of_base_32()
    {
        Assert.Matches("^sk_demo_[a-z2-7]{32}$", ApiKey.Create().Reveal());
    }

    [Fact]
    public void No_two_keys_are_alike()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ApiKey.Create().Reveal());

        Assert.Equal(1000, keys.Distinct().Count());
    }

    [Fact]
    public void A_key_prints_its_mask()
    {
        var key = ApiKey.Create();

        Assert.Equal("sk_demo_****", key.ToString());
        Assert.Equal("ApiKeyHash ****", key.Hash.ToString());
    }

    [Fact]
    public void What_is_kept_is_the_sha_256_of_the_key()
    {
        var key = ApiKey.Create();

        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal())), key.Hash.ToArray());
        Assert.Equal(key.Hash, ApiKeyHash.Of(key.Reveal()));
    }

    [Fact]
    public void An_endless_key_is_nobodys()
    {
        Assert.Equal(default, ApiKeyHash.Of(new string('a', ApiKeyHash.KeyLengthMax + 1)));
    }
}
