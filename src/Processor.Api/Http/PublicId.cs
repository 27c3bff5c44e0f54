using Processor.Cards;

namespace Processor.Api;

/// <summary>Identifiers as the façade writes them: a prefix that names the kind, an underscore, 26 characters.</summary>
internal static class PublicId
{
    internal const string Account = "acct";

    internal const string Card = "card";

    internal const string Event = "tev";

    internal const string Product = "prod";

    internal const string Program = "prog";

    internal const string Request = "req";

    internal const string Script = "scr";

    internal const string Transaction = "txn";

    internal const string Transfer = "xfr";

    internal static string Write(string prefix, Ulid id) => prefix + "_" + id;

    /// <returns>False when the text has another prefix or is no identifier, so that nothing can be of that name.</returns>
    internal static bool TryRead(string prefix, string? text, out Ulid id)
    {
        id = Ulid.None;
        return text is not null
            && text.Length == prefix.Length + 1 + Ulid.TextLength
            && text.StartsWith(prefix, StringComparison.Ordinal)
            && text[prefix.Length] == '_'
            && Ulid.TryParse(text.AsSpan(prefix.Length + 1), out id);
    }
}
