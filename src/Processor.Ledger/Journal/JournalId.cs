using System.Globalization;

namespace Processor.Ledger;

/// <summary>The id of an entry in a partition's stream.</summary>
/// <param name="Epoch">The partition's epoch when it was written.</param>
/// <param name="Sequence">Counts entries of the epoch.</param>
public readonly record struct JournalId(long Epoch, long Sequence) : IComparable<JournalId>
{
    /// <summary>Before the first entry.</summary>
    public static readonly JournalId Zero;

    /// <inheritdoc/>
    public int CompareTo(JournalId other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Sequence.CompareTo(other.Sequence);

    /// <summary>True when no entry is missing between the two: ids of an epoch count without gaps, and an epoch begins at 0.</summary>
    public bool IsNextOf(JournalId last) => Epoch == last.Epoch ? Sequence == last.Sequence + 1 : Epoch > last.Epoch && Sequence == 0;

    /// <summary>Reads <c>epoch-sequence</c>.</summary>
    /// <exception cref="FormatException">The text is no stream id.</exception>
    public static JournalId Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return new(long.Parse(text.AsSpan(0, dash), CultureInfo.InvariantCulture), long.Parse(text.AsSpan(dash + 1), CultureInfo.InvariantCulture));
    }

    public static bool operator <(JournalId left, JournalId right) => left.CompareTo(right) < 0;

    public static bool operator >(JournalId left, JournalId right) => left.CompareTo(right) > 0;

    public static bool operator <=(JournalId left, JournalId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(JournalId left, JournalId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{Sequence}");
}
