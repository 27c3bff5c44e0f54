using Processor.Cards;
using Xunit;

namespace Processor.Ledger.Tests;

public sealed class NearCacheTests
{
    [Fact]
    public void Beyond_its_bytes_accounts_go_that_were_not_used_lately_and_no_others()
    {
        var each = New().Bytes;
        var cache = new NearCache(bytesMax: 16 * each);
        var accounts = Enumerable.Range(0, 20).Select(_ => New()).ToList();
        for (var index = 0; index < accounts.Count; index++)
        {
            accounts[index].UsedInTurn = index < 10 ? 1 : 9;
            cache.Put(accounts[index]);
        }

        cache.Trim(turn: 10);

        Assert.Equal(14, cache.Count);
        Assert.Equal(14 * each, cache.Bytes);
        Assert.All(accounts[10..], account => Assert.True(cache.TryGet(account.Id, out _)));
    }

    [Fact]
    public void What_an_account_takes_grows_with_its_holds_and_is_given_back_when_it_goes()
    {
        var cache = new NearCache(bytesMax: 1 << 20);
        var account = New();
        cache.Put(account);
        var before = cache.Bytes;
        for (var key = 1; key <= 1_000; key++)
            account.AddHold((UInt128)key, new HoldRecord { State = HoldState.Noted });

        cache.Recount(account);

        Assert.True(cache.Bytes - before > 1_000 * 150, $"{cache.Bytes - before} bytes");
        cache.Remove(account.Id);
        Assert.Equal(0, cache.Bytes);
    }

    private static AccountAggregate New() => new(Ulid.Create(TimeProvider.System), partition: 0);
}
