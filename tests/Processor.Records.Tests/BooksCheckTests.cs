using Processor.Testing;
using Xunit;

namespace Processor.Records.Tests;

public sealed class BooksCheckTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("update ledger_entry set amount = amount + 1 where account_id = (select account_id from account_state)", "journal sums to zero,currency sums to zero,posted is the sum of entries")]
    [InlineData("update account_balance set held = held + 1", "held is the sum of open holds")]
    [InlineData("update hold set state = 3 where state = 1", "held is the sum of open holds,open holds are counted")]
    [InlineData("delete from account_balance", "held is the sum of open holds,posted is the sum of entries")]
    [InlineData("update account_balance set posted = posted - 1", "posted is the sum of entries")]
    [InlineData("delete from ledger_entry", "posted is the sum of entries")]
    [InlineData("update account_state set open_holds = 7", "open holds are counted")]
    [InlineData("insert into journal_exception (partition, epoch, seq, reason) values (0, 1, 1, 'x')", "everything is projected")]
    public async Task What_does_not_agree_is_found(string damage, string rules)
    {
        await using var records = await Records.CreateAsync(postgres);
        var account = new TestAccount(1).Open(0);
        account.TopUp(100_00);
        account.Authorize(1, 5_00);
        await records.ProjectAsync(account.Commit());
        var check = new BooksCheck(records.Database);
        Assert.Empty(await check.RunAsync(CancellationToken.None));

        await records.DoAsync(damage);

        Assert.Equal(rules.Split(','), (await check.RunAsync(CancellationToken.None)).Select(finding => finding.Rule).Distinct());
    }

    [Fact]
    public async Task Random_work_over_many_accounts_ends_in_books_that_agree()
    {
        await using var records = await Records.CreateAsync(postgres);

        await Seeds.RunAsync(20260330, async dice =>
        {
            var accounts = Enumerable.Range(1, 30).Select(number => new TestAccount(number).Open(dice.Next(100_00))).ToList();
            UInt128 key = 0;
            for (var round = 0; round < 40; round++)
            {
                var payload = new List<byte>();
                foreach (var account in accounts.Where(_ => dice.Next(3) == 0))
                {
                    for (var count = dice.Next(1, 5); count > 0; count--)
                        key = Act(account, key + 1, dice);
                    payload.AddRange(account.Commit());
                }

                await records.ProjectAsync([.. payload]);
            }
        });

        Assert.Empty(await new BooksCheck(records.Database).RunAsync(CancellationToken.None));
    }

    private static UInt128 Act(TestAccount account, UInt128 key, Random dice)
    {
        account.Now += dice.Next(1000);
        switch (dice.Next(5))
        {
            case 0:
                account.Purchase(key, dice.Next(1, 50_00));
                break;
            case 1:
                account.TopUp(dice.Next(-10_00, 20_00) is var amount && amount == 0 ? 1 : amount);
                break;
            case 2 when account.OpenHold() is { } open:
                account.Reverse(open);
                break;
            case 3 when account.OpenHold() is { } open:
                account.Expire(open);
                break;
            default:
                account.Authorize(key, dice.Next(1, 50_00));
                break;
        }

        return key;
    }
}
