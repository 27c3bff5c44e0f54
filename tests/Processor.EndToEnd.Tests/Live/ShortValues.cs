using System.Globalization;
using System.Text.RegularExpressions;

namespace Processor.EndToEnd.Tests;

/// <summary>
/// Values that are too short to look for one by one: three digits stand everywhere by chance. So many of them are sent, and as many others are
/// not: a place that keeps such values has nearly all that were sent, one that does not has as few of the one as of the other.
/// </summary>
internal sealed partial class ShortValues
{
    private const int Count = 60;
    private const int First = 100;
    private const int Last = 999;

    private readonly HashSet<string> others;

    /// <summary>Draws the values.</summary>
    internal ShortValues(Random random)
    {
        var all = Enumerable.Range(First, Last - First + 1).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToArray();
        random.Shuffle(all);
        Sent = all[..Count];
        others = [.. all[Count..(2 * Count)]];
    }

    /// <summary>Three digits each, all different.</summary>
    internal IReadOnlyList<string> Sent { get; }

    /// <summary>Whether a text has them, each standing alone: as digits, or as the hexadecimal digits of their characters.</summary>
    /// <exception cref="InvalidOperationException">So many numbers of three digits are in it that nobody can tell.</exception>
    internal bool AreIn(string text)
    {
        var found = Digits().Matches(text).Select(match => match.Value)
            .Concat(HexDigits().Matches(text).Select(match => string.Concat(match.Value[1], match.Value[3], match.Value[5])))
            .ToHashSet();
        if (others.Count(found.Contains) > Count / 2)
            throw new InvalidOperationException("Too many numbers to tell whether these are among them.");
        return Sent.Count(found.Contains) > Count * 3 / 4;
    }

    // Not the fraction of a second.
    [GeneratedRegex(@"(?<![0-9A-Za-z]|\d\.)\d{3}(?![0-9A-Za-z])")]
    private static partial Regex Digits();

    [GeneratedRegex("(?<!3[0-9])(?:3[0-9]){3}(?!3[0-9])")]
    private static partial Regex HexDigits();
}
