using Microsoft.AspNetCore.Http;
using Processor.Records;

namespace Processor.Api;

/// <summary>The card that a path names.</summary>
internal static class CardLookup
{
    /// <summary>The caller's card of that public identifier; null when it is malformed, unknown or another program's.</summary>
    internal static async Task<Card?> FindAsync(this CardQueries cards, string cardId, HttpContext http, Tenant tenant) =>
        PublicId.TryRead(PublicId.Card, cardId, out var id) ? await cards.FindAsync(tenant.Number, id, http.RequestAborted) : null;
}
