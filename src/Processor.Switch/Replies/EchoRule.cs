using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>One row of <c>specs/echo</c>: what a message must bring, and what its answer repeats. Compiled once.</summary>
internal sealed class EchoRule
{
    internal EchoRule(IReadOnlyList<int> mandatory, IReadOnlyList<int> unlessInquiry, IReadOnlyList<IReadOnlyList<int>> oneOf, ElementSet echoes, ElementSet sets)
    {
        Mandatory = [.. mandatory];
        UnlessInquiry = [.. unlessInquiry];
        OneOf = [.. oneOf.Select(group => group.ToArray())];
        Echoes = echoes;
        Sets = sets;
    }

    /// <summary>Elements that go back as they came.</summary>
    internal ElementSet Echoes { get; }

    /// <summary>Elements that the answer may carry with a content of our own.</summary>
    internal ElementSet Sets { get; }

    private int[] Mandatory { get; }

    private int[] UnlessInquiry { get; }

    private int[][] OneOf { get; }

    /// <summary>The first element that the message must bring and does not; 0 when it is complete.</summary>
    internal int FindMissing(in MessageView view, bool isInquiry)
    {
        foreach (var element in Mandatory)
        {
            if (!view.Has(element))
                return element;
        }

        if (!isInquiry)
        {
            foreach (var element in UnlessInquiry)
            {
                if (!view.Has(element))
                    return element;
            }
        }

        foreach (var group in OneOf)
        {
            if (!HasAny(in view, group))
                return group[0];
        }

        return 0;
    }

    private static bool HasAny(in MessageView view, int[] group)
    {
        foreach (var element in group)
        {
            if (view.Has(element))
                return true;
        }

        return false;
    }
}
