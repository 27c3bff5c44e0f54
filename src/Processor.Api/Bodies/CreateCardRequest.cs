using Processor.Cards;
using Processor.Ledger;

namespace Processor.Api;

/// <summary>What a caller says about a card that is to be made.</summary>
internal sealed record CreateCardRequest
{
    private const int LabelLengthMax = 100;
    private const int ExternalIdLengthMax = 255;
    private const int MetadataMax = 50;
    private const int MetadataNameLengthMax = 40;
    private const int MetadataLengthMax = 500;

    public Amount? InitialBalance { get; private init; }

    public LimitRecord? Limits { get; private init; }

    public string? Label { get; private init; }

    public string? ExternalId { get; private init; }

    public string? Metadata { get; private init; }

    /// <summary>Reads the members beside the product, in whose currency limits have to be.</summary>
    internal static CreateCardRequest Read(JsonFields fields, Currency currency)
    {
        fields.Word("form", isRequired: false, "virtual");
        return new()
        {
            InitialBalance = fields.Money("initial_balance", min: 0),
            Limits = LimitsBody.Read(fields, "limits", currency),
            Label = fields.Text("label", LabelLengthMax),
            ExternalId = fields.Text("external_id", ExternalIdLengthMax),
            Metadata = fields.Strings("metadata", MetadataMax, MetadataNameLengthMax, MetadataLengthMax),
        };
    }
}
