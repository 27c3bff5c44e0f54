using System.Globalization;
using Processor.Iso8583;

namespace Processor.Cli.Load;

/// <summary>The templates of all kinds of requests and all lengths of PAN that a run sends.</summary>
internal sealed class RequestTemplates
{
    /// <summary>The part of a <see cref="RequestKind.Cashback"/> that is paid out, in minor units.</summary>
    public const long CashbackMinorUnits = 10_00;

    private const int PanLengthMax = 19;
    private const int EntryCount = 4;

    private readonly RequestTemplate?[] templates;

    /// <param name="plan">What the run sends.</param>
    /// <param name="connection">Index of the connection. Each is an acquirer of its own, so that all may use the same trace numbers.</param>
    /// <param name="prepared">Purchases that are made already; null for none.</param>
    /// <exception cref="FormatException">A request does not suit the dialect.</exception>
    public RequestTemplates(LoadPlan plan, int connection, PreparedPurchases? prepared = null)
    {
        RequestKind[] kinds = plan.Pair switch
        {
            PairChoice.Reversal => [.. plan.Mix.Kinds, RequestKind.Reversal],
            PairChoice.Completion => [.. plan.Mix.Kinds, RequestKind.Completion],
            _ => [.. plan.Mix.Kinds],
        };
        templates = new RequestTemplate?[Enum.GetValues<RequestKind>().Length * EntryCount * (PanLengthMax + 1)];
        foreach (int panLength in plan.Cards.PanLengths)
        {
            foreach (var kind in kinds)
            {
                var own = kind == RequestKind.Purchase ? prepared : null;
                foreach (var entry in own is null ? [CardEntry.Chip] : plan.Entries.Entries)
                {
                    var message = Message(kind, panLength, connection, plan.IsFinancial);
                    own?.Fill(message, entry);
                    var template = new RequestTemplate(message, plan.Endpoint.Dialect, plan.Endpoint.Framing, own, plan.Endpoint.Seal, plan.WrongCodeShare);
                    templates[IndexOf(kind, entry, panLength)] = template;
                    LengthMax = Math.Max(LengthMax, template.Length);
                }
            }
        }
    }

    /// <summary>Bytes of the longest.</summary>
    public int LengthMax { get; }

    /// <summary>The template of a kind, a length of PAN and an entry that the plan has; what is not prepared counts as <see cref="CardEntry.Chip"/>.</summary>
    public RequestTemplate Find(RequestKind kind, int panLength, CardEntry entry = CardEntry.Chip) => templates[IndexOf(kind, entry, panLength)]!;

    /// <summary>DE 32 of what a connection sends.</summary>
    public static string AcquirerOf(int connection) => string.Create(CultureInfo.InvariantCulture, $"50{connection:D4}");

    private static int IndexOf(RequestKind kind, CardEntry entry, int panLength) => ((((int)kind * EntryCount) + (int)entry) * (PanLengthMax + 1)) + panLength;

    private static Iso8583Message Message(RequestKind kind, int panLength, int connection, bool isFinancial)
    {
        string acquirer = AcquirerOf(connection);
        string originalMti = isFinancial ? "0200" : "0100";
        string mti = kind switch
        {
            RequestKind.Reversal => "0400",
            RequestKind.Completion => "0220",
            RequestKind.Advice => isFinancial ? "0220" : "0120",
            _ => originalMti,
        };
        bool isReport = kind is RequestKind.Advice or RequestKind.Completion;
        bool isPair = kind is RequestKind.Reversal or RequestKind.Completion;
        return new Iso8583Message(Mti.Parse(mti))
        {
            [2] = new string('0', panLength),
            [3] = ProcessingCodeOf(kind),
            [4] = new string('0', 12),
            [7] = new string('0', 10),
            [11] = new string('0', 6),
            [12] = new string('0', 6),
            [13] = new string('0', 4),
            [14] = new string('0', 4),
            [18] = kind == RequestKind.Cash ? "6011" : "5411",
            [22] = "051",
            [25] = "00",
            [32] = acquirer,
            [37] = new string('0', 12),
            [38] = isReport || isPair ? "LOAD00" : null,
            [39] = isReport ? "00" : null,
            [41] = string.Create(CultureInfo.InvariantCulture, $"LOAD{connection:D4}"),
            [42] = "LOADMERCHANT001",
            [43] = "Load Shop                Berlin       DE",
            [49] = "978",
            [54] = kind == RequestKind.Cashback
                ? string.Create(CultureInfo.InvariantCulture, $"0040978D{CashbackMinorUnits:D12}")
                : null,
            [90] = isPair ? $"{originalMti}{new string('0', 16)}{acquirer.PadLeft(11, '0')}{new string('0', 11)}" : null,
        };
    }

    private static string ProcessingCodeOf(RequestKind kind) => kind switch
    {
        RequestKind.Cash => "010000",
        RequestKind.Cashback => "090000",
        RequestKind.Refund => "200000",
        RequestKind.Balance => "310000",
        _ => "000000",
    };
}
