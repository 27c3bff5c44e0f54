using Processor.Cards;
using Processor.Testing;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>What the journal keeps can be read back, and damage is seen.</summary>
public sealed class JournalTests
{
    private static readonly Ulid Account = new(123_456_789);

    [Fact]
    public void A_batch_reads_back_as_the_accounts_it_left()
    {
        var account = Sample();
        var payload = Pack(account);

        var reader = new JournalReader(payload);
        Assert.True(reader.TryRead(out var section));
        var copy = new AccountAggregate(Account, 0);
        foreach (var field in section)
            Assert.True(copy.TryLoad(field.Name, field.Value));

        Assert.Equal(Account, section.AccountId);
        Assert.Equal(account.Version, section.Version);
        Assert.Equal(2, section.Events.Length);
        Assert.Equal(account.Balance(0), copy.Balance(0));
        Assert.Equal(account.Account, copy.Account);
        Assert.True(copy.HasEveryHeadField);
        Assert.Equal(75, copy.Hold(copy.FindHold(5)).Held);
        Assert.True(copy.TryFindDecline(1, 6, out var decline));
        Assert.Equal(DeclineReason.InsufficientFunds, decline.Reason);
        Assert.False(reader.TryRead(out _));
        Assert.False(reader.IsDamaged);
    }

    [Fact]
    public void A_tombstone_keeps_what_it_waits_for()
    {
        var account = Sample();
        account.ClearChanges();
        account.AddTombstone(9, new HoldRecord { Card = 1, Class = MessageClass.Reversal }, new OriginalQuery { Card = 1, Stan = 77 });

        var reader = new JournalReader(Pack(account));
        Assert.True(reader.TryRead(out var section));
        var copy = new AccountAggregate(Account, 0);
        foreach (var field in section)
            Assert.True(copy.TryLoad(field.Name, field.Value));

        Assert.True(copy.FindTombstone(new HoldRecord { Card = 1, Class = MessageClass.Authorization, Stan = 77 }) >= 0);
        Assert.Equal(-1, copy.FindTombstone(new HoldRecord { Card = 1, Class = MessageClass.Authorization, Stan = 78 }));
        Assert.Equal(-1, copy.FindTombstone(new HoldRecord { Card = 2, Class = MessageClass.Authorization, Stan = 77 }));
    }

    [Fact]
    public void Every_truncation_is_seen_as_damage()
    {
        var payload = Pack(Sample());

        for (var length = 1; length < payload.Length; length++)
        {
            var reader = new JournalReader(payload.AsSpan(0, length));
            Assert.False(reader.TryRead(out _));
            Assert.True(reader.IsDamaged);
        }
    }

    [Fact]
    public void Seeded_damage_never_throws_nor_ends_in_a_loop() => Seeds.Run(20260102, random =>
    {
        var payload = Pack(Sample());
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = payload.AsSpan().ToArray();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var reader = new JournalReader(damaged);
            var copy = new AccountAggregate(Account, 0);
            while (reader.TryRead(out var section))
            {
                foreach (var field in section)
                    copy.TryLoad(field.Name, field.Value);
            }
        }
    });

    private static AccountAggregate Sample()
    {
        var account = new AccountAggregate(Account, 0);
        account.BeginAt(1_000);
        account.Open(program: 1, currency: 978, creditLimit: 10);
        account.Post(978, 500);
        var card = account.AddCard(new CardRecord { CardId = new Ulid(7), Status = CardStatus.Active, Expiry = 3112 });
        account.SetLimits(card, LimitRecord.None(978));
        account.ChangeUsage(0).All.Day.Count = 3;
        account.AddHold(5, new HoldRecord { State = HoldState.Open, Card = card, BillingCurrency = 978, Held = 75, ExpiresAt = long.MaxValue });
        account.RememberDecline(card, 6, 600, 978, DeclineReason.InsufficientFunds);
        var record = new EventRecord { Type = EventType.Authorization, Key = 5, BillingCurrency = 978 };
        account.Record(ref record);
        account.Record(ref record);
        return account;
    }

    private static byte[] Pack(AccountAggregate account)
    {
        var buffer = new BatchBuffer();
        account.SetVersion(42);
        JournalWriter.WriteSection(ref buffer, account);
        return buffer.Written.ToArray();
    }
}
