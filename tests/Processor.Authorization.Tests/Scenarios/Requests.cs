using System.Globalization;
using System.Text;
using Processor.Cards;

namespace Processor.Authorization.Tests;

/// <summary>Makes requests from the words of a table.</summary>
internal static class Requests
{
    private static readonly Dictionary<string, MessageClass> Classes = new()
    {
        ["010"] = MessageClass.Authorization,
        ["012"] = MessageClass.AuthorizationAdvice,
        ["020"] = MessageClass.Financial,
        ["022"] = MessageClass.FinancialAdvice,
        ["040"] = MessageClass.Reversal,
        ["042"] = MessageClass.ReversalAdvice,
    };

    private static readonly Dictionary<string, TransactionKind> Kinds = new()
    {
        ["purchase"] = TransactionKind.Purchase,
        ["cash"] = TransactionKind.Cash,
        ["cashback"] = TransactionKind.Cashback,
        ["refund"] = TransactionKind.Refund,
        ["inquiry"] = TransactionKind.BalanceInquiry,
        ["verification"] = TransactionKind.Verification,
    };

    private static readonly Dictionary<string, CredentialKind> Credentials = new()
    {
        ["data"] = CredentialKind.CardData,
        ["arqc"] = CredentialKind.Cryptogram,
        ["service"] = CredentialKind.ServiceCode,
        ["cvv"] = CredentialKind.TrackValue,
        ["cvv2"] = CredentialKind.VerificationValue,
        ["pin"] = CredentialKind.Pin,
    };

    internal static AuthorizationRequest Make(string mti, string kind, long amount, IReadOnlyDictionary<string, string> options)
    {
        var isUsd = options.ContainsKey("usd");
        var request = new AuthorizationRequest
        {
            Class = Classes[mti[..3]],
            Mti = ushort.Parse(mti, CultureInfo.InvariantCulture),
            IsRepeat = mti[3] == '1',
            Network = 1,
            Mode = options.ContainsKey("single") ? EndpointMode.Single : EndpointMode.Dual,
            Kind = Kinds[kind],
            Program = 1,
            Pan = new PanHash(4711),
            Card = 1,
            Expiry = (ushort)Number(options, "expiry"),
            Transaction = new Amount(amount, isUsd ? Currency.Usd : Currency.Eur),
            HasBilling = options.ContainsKey("billing") || options.ContainsKey("billing-usd"),
            SupportsPartial = options.ContainsKey("partial"),
            Stan = (uint)Number(options, "stan"),
            Transmission = 601100000,
            Acquirer = (ulong)Number(options, "acq"),
            NetworkId = (ulong)Number(options, "net"),
            HasReplacement = options.ContainsKey("remaining"),
            Replacement = Number(options, "remaining"),
            IsDeclinedAdvice = options.ContainsKey("declined"),
        };
        Present(ref request, options);
        if (request.HasBilling)
            request.Billing = options.ContainsKey("billing-usd")
                ? new Amount(Number(options, "billing-usd"), Currency.Usd)
                : new Amount(Number(options, "billing"), Currency.Eur);
        Name(ref request, options, "of", MessageClass.Authorization);
        Name(ref request, options, "of200", MessageClass.Financial);
        Name(ref request, options, "of220", MessageClass.FinancialAdvice);
        Encoding.ASCII.GetBytes(options.GetValueOrDefault("rrn", "RRN" + request.Stan.ToString(CultureInfo.InvariantCulture)).PadRight(12), request.RetrievalReference);
        Encoding.ASCII.GetBytes(options.GetValueOrDefault("term", "TERM").PadRight(8), request.Terminal);
        return request;
    }

    /// <summary>What the security module said of the credentials: <c>pin=match</c>, and <c>atc=</c> with <c>mark=</c> for a cryptogram.</summary>
    private static void Present(ref AuthorizationRequest request, IReadOnlyDictionary<string, string> options)
    {
        if (options.TryGetValue("entry", out var entry))
            request.Entry = Enum.Parse<CardEntry>(entry, ignoreCase: true);
        foreach (var (word, kind) in Credentials)
        {
            if (options.TryGetValue(word, out var result))
                request.Credentials.Checks = request.Credentials.Checks.With(kind, Enum.Parse<CheckResult>(result, ignoreCase: true));
        }

        if (!options.ContainsKey("atc"))
            return;
        request.Credentials.Checks = request.Credentials.Checks.With(CredentialKind.Cryptogram, CheckResult.Match);
        request.Credentials.Counter = (ushort)Number(options, "atc");
        request.Credentials.Mark = (ulong)Number(options, "mark") + ((ulong)Number(options, "atc") << 32) + 1;
    }

    private static void Name(ref AuthorizationRequest request, IReadOnlyDictionary<string, string> options, string word, MessageClass @class)
    {
        if (!options.ContainsKey(word))
            return;
        request.OriginalClass = @class;
        request.OriginalStan = (uint)Number(options, word);
        request.OriginalTransmission = 601100000;
    }

    private static long Number(IReadOnlyDictionary<string, string> options, string name) =>
        options.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
}
