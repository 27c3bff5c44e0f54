using System.Runtime.InteropServices;
using Processor.Cards;
using Xunit;

namespace Processor.Ledger.Tests;

public sealed class CardRecordTests
{
    [Theory]
    [InlineData(35, 0, 0, 0)]
    [InlineData(51, 0b101, 0, 0)]
    [InlineData(63, 0b101, 9, 0)]
    [InlineData(91, 0b101, 9, 3)]
    public void A_record_of_any_layout_that_was_is_read_with_zeros_for_what_it_did_not_know(int length, ulong window, int script, int pin)
    {
        var record = new CardRecord { CardId = new Ulid(5), Ordinal = 2, PinTries = 1, AtcWindow = 0b101, ScriptNumber = 9, PinVersion = 3, Pin = new CardPin { Method = 3 } };
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<CardRecord>(in record));

        Assert.True(CardRecord.TryRead(bytes[..length], out var read));
        Assert.Equal((new Ulid(5), 2, 1, window, script), (read.CardId, read.Ordinal, read.PinTries, read.AtcWindow, read.ScriptNumber));
        Assert.Equal((pin, pin), (read.PinVersion, read.Pin.Method));
        Assert.False(CardRecord.TryRead(bytes[..(length - 1)], out _));
        Assert.Equal(91, bytes.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Counters_in_their_own_field_are_newer_than_those_in_the_card_whichever_comes_first(bool cardFirst)
    {
        var record = new CardRecord { CardId = new Ulid(5), Ordinal = 1, Atc = 7, AtcWindow = 1, RetryMark = 3 };
        var counters = new ChipCounters { Atc = 9, AtcWindow = 0b101, RetryMark = 0 };
        var account = new AccountAggregate(new Ulid(1), partition: 0);

        if (cardFirst)
            Assert.True(account.TryLoad("c\0\u0001"u8, MemoryMarshal.AsBytes(new ReadOnlySpan<CardRecord>(in record))));
        Assert.True(account.TryLoad("k\0\u0001"u8, MemoryMarshal.AsBytes(new ReadOnlySpan<ChipCounters>(in counters))));
        if (!cardFirst)
            Assert.True(account.TryLoad("c\0\u0001"u8, MemoryMarshal.AsBytes(new ReadOnlySpan<CardRecord>(in record))));

        Assert.Equal((9, 0b101UL, 0UL), (account.Card(1).Atc, account.Card(1).AtcWindow, account.Card(1).RetryMark));
        Assert.False(account.TryLoad("k\0\0"u8, MemoryMarshal.AsBytes(new ReadOnlySpan<ChipCounters>(in counters))));
    }
}
