using Processor.Cards;

namespace Processor.Switch;

/// <summary>DE 54: entries of account type (2), amount type (2), currency (3), C or D, amount (12).</summary>
internal ref struct AdditionalAmounts(Span<byte> target)
{
    /// <summary>Length of one entry.</summary>
    internal const int EntryLength = 20;

    /// <summary>Six entries are the most that DE 54 holds.</summary>
    internal const int LengthMax = 6 * EntryLength;

    /// <summary>Amount type: money that has moved.</summary>
    internal const int LedgerBalance = 1;

    /// <summary>Amount type: what may be spent.</summary>
    internal const int AvailableBalance = 2;

    /// <summary>Amount type: what was asked before a part of it was approved.</summary>
    internal const int OriginalAmount = 57;

    private const long AmountMax = 999_999_999_999;

    private readonly Span<byte> target = target;
    private int length;

    /// <summary>What has been added.</summary>
    internal readonly ReadOnlySpan<byte> Written => target[..length];

    /// <summary>Adds an entry; a negative amount is a debit. An amount of more than 12 digits is cut to the largest that can be said.</summary>
    /// <param name="accountType">0 to 99, as in DE 3.</param>
    /// <param name="amountType">One of <see cref="LedgerBalance"/>, <see cref="AvailableBalance"/>, <see cref="OriginalAmount"/>.</param>
    /// <param name="amount">Not negative, minor units.</param>
    /// <param name="isDebit">True for D.</param>
    /// <param name="currency">Of the amount.</param>
    internal void Add(int accountType, int amountType, Currency currency, long amount, bool isDebit)
    {
        var entry = target.Slice(length, EntryLength);
        WriteDigits(entry[..2], accountType);
        WriteDigits(entry.Slice(2, 2), amountType);
        WriteDigits(entry.Slice(4, 3), currency.Numeric);
        entry[7] = isDebit ? (byte)'D' : (byte)'C';
        WriteDigits(entry.Slice(8, 12), Math.Min(AmountMax, amount));
        length += EntryLength;
    }

    /// <summary>Adds a balance: a credit when it is not negative.</summary>
    internal void AddBalance(int accountType, int amountType, Currency currency, long balance) =>
        Add(accountType, amountType, currency, balance == long.MinValue ? long.MaxValue : Math.Abs(balance), balance < 0);

    private static void WriteDigits(Span<byte> digits, long value)
    {
        for (var index = digits.Length - 1; index >= 0; index--)
        {
            digits[index] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}
