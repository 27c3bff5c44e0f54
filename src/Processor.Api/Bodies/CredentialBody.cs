using Processor.Cards;

namespace Processor.Api;

/// <summary>What became of one credential of a message. The credential itself is kept nowhere.</summary>
/// <param name="Name"><c>expiry</c>, <c>card_data</c>, <c>cryptogram</c>, <c>counter</c>, <c>service_code</c>, <c>cvv</c>, <c>cvv2</c> or <c>pin</c>.</param>
/// <param name="Result"><c>match</c>, <c>mismatch</c>, <c>unreadable</c>, <c>not_checked</c>, <c>unavailable</c> or <c>replayed</c>.</param>
internal sealed record CredentialBody(string Name, string Result)
{
    private static readonly CredentialKind[] Kinds = Enum.GetValues<CredentialKind>();

    /// <summary>Those that the message carried.</summary>
    internal static IEnumerable<CredentialBody> ListOf(CredentialChecks checks)
    {
        foreach (var kind in Kinds)
        {
            if (checks[kind] != CheckResult.None)
                yield return new(NameOf(kind), ResultOf(checks[kind]));
        }
    }

    /// <summary>Every kind by name, with what became of it; <c>not_provided</c> for what the message did not carry.</summary>
    internal static IReadOnlyDictionary<string, string> AllOf(CredentialChecks checks) =>
        Kinds.ToDictionary(NameOf, kind => checks[kind] == CheckResult.None ? "not_provided" : ResultOf(checks[kind]));

    private static string NameOf(CredentialKind kind) => kind switch
    {
        CredentialKind.Expiry => "expiry",
        CredentialKind.CardData => "card_data",
        CredentialKind.Cryptogram => "cryptogram",
        CredentialKind.Counter => "counter",
        CredentialKind.ServiceCode => "service_code",
        CredentialKind.TrackValue => "cvv",
        CredentialKind.VerificationValue => "cvv2",
        CredentialKind.Pin => "pin",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No word for that credential."),
    };

    private static string ResultOf(CheckResult result) => result switch
    {
        CheckResult.Match => "match",
        CheckResult.Mismatch => "mismatch",
        CheckResult.Unreadable => "unreadable",
        CheckResult.NotChecked => "not_checked",
        CheckResult.Unavailable => "unavailable",
        CheckResult.Replayed => "replayed",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "No word for that result."),
    };
}
