using System.Globalization;
using Microsoft.AspNetCore.Http;
using Processor.Cards;

namespace Processor.Api;

/// <summary>Which part of a list is asked for: <c>limit</c>, and <c>starting_after</c> or <c>ending_before</c>. Lists are newest first.</summary>
/// <param name="Limit">1 to 100.</param>
/// <param name="After">Only what follows this one in the list, so older ones.</param>
/// <param name="Before">Only what stands before this one, so newer ones.</param>
internal sealed record PageQuery(int Limit, Ulid? After, Ulid? Before)
{
    internal const int LimitDefault = 50;

    internal const int LimitMax = 100;

    /// <summary>Reads the query.</summary>
    /// <param name="query">Of the request.</param>
    /// <param name="prefix">Of the identifiers in the list.</param>
    /// <param name="errors">What is wrong; empty when the page is good.</param>
    /// <param name="others">Other parameters that the list takes; any further one is an error.</param>
    internal static PageQuery Read(IQueryCollection query, string prefix, List<ProblemError> errors, params string[] others)
    {
        foreach (var name in query.Keys)
        {
            if (name is not ("limit" or "starting_after" or "ending_before") && !others.Contains(name, StringComparer.Ordinal))
                errors.Add(new("?", "unknown_parameter", "There is a query parameter that is not known."));
        }

        var limit = LimitDefault;
        if (query["limit"] is [var text, ..]
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= LimitMax))
        {
            errors.Add(new("?limit", "out_of_range", "This has to be 1 to 100."));
        }

        var (after, before) = (Bound(query, "starting_after", prefix, errors), Bound(query, "ending_before", prefix, errors));
        if (after is not null && before is not null)
            errors.Add(new("?ending_before", "invalid_value", "Only one of starting_after and ending_before may be given."));
        return new(limit, after, before);
    }

    /// <summary>Reads a page with its two statements, and one row more than asked, which tells whether there are more.</summary>
    /// <param name="older">Rows older than a bound, newest first.</param>
    /// <param name="newer">Rows newer than a bound, oldest first.</param>
    internal async Task<(IReadOnlyList<T> Rows, bool HasMore)> ReadAsync<T>(
        Func<Ulid?, int, Task<IReadOnlyList<T>>> older, Func<Ulid, int, Task<IReadOnlyList<T>>> newer)
    {
        var rows = Before is { } bound ? await newer(bound, Limit + 1) : await older(After, Limit + 1);
        var hasMore = rows.Count > Limit;
        var page = rows.Take(Limit);
        return ([.. Before is null ? page : page.Reverse()], hasMore);
    }

    private static Ulid? Bound(IQueryCollection query, string name, string prefix, List<ProblemError> errors)
    {
        if (query[name] is not [var text, ..])
            return null;
        if (PublicId.TryRead(prefix, text, out var id))
            return id;
        errors.Add(new("?" + name, "invalid_value", $"This is no identifier that begins with {prefix}_."));
        return null;
    }
}
