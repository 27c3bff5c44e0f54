using Processor.Authorization;
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

    public SealedPin? Pin { get; private init; }

    /// <summary>Reads the members beside the product, in whose currency limits have to be.</summary>
    /// <param name="fields">The body.</param>
    /// <param name="currency">The product's.</param>
    /// <param name="demandsPin">True when no card of the program is made without a PIN.</param>
    internal static CreateCardRequest Read(JsonFields fields, Currency currency, bool demandsPin)
    {
        fields.Word("form", isRequired: false, "virtual");
        var pin = fields.Object("pin");
        if (pin is null && demandsPin && !fields.Has("pin"))
            fields.Refuse("pin", "required", "The program makes no card without a PIN.");
        var sealedPin = pin is null ? null : PinBody.Read(pin, PinBody.FormatsWithoutPan);
        pin?.End();
        return new()
        {
            InitialBalance = fields.Money("initial_balance", min: 0),
            Limits = LimitsBody.Read(fields, "limits", currency),
            Label = fields.Text("label", LabelLengthMax),
            ExternalId = fields.Text("external_id", ExternalIdLengthMax),
            Metadata = fields.Strings("metadata", MetadataMax, MetadataNameLengthMax, MetadataLengthMax),
            Pin = sealedPin,
        };
    }
}
