namespace Processor.Cli.Load;

/// <summary>Counts answers by response code, DE 39. Counting allocates nothing.</summary>
internal sealed class ResponseCounts
{
    private const int Radix = 128;

    private readonly long[] counts = new long[Radix * Radix];

    /// <summary>Counts one.</summary>
    /// <param name="code">Two ASCII characters; anything else counts as no code.</param>
    public void Count(ReadOnlySpan<byte> code)
    {
        bool isCode = code.Length == 2 && code[0] < Radix && code[1] < Radix;
        counts[isCode ? (code[0] * Radix) + code[1] : 0]++;
    }

    /// <summary>Adds what another has counted.</summary>
    public void Add(ResponseCounts other)
    {
        for (int index = 0; index < counts.Length; index++)
            counts[index] += other.counts[index];
    }

    /// <summary>Codes that were seen, in ascending order, with their counts; an empty code stands for none.</summary>
    public IReadOnlyDictionary<string, long> ToDictionary()
    {
        var found = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (int index = 0; index < counts.Length; index++)
        {
            if (counts[index] > 0)
                found.Add(index == 0 ? "" : $"{(char)(index / Radix)}{(char)(index % Radix)}", counts[index]);
        }

        return found;
    }
}
