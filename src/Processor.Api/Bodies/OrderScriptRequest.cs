using Processor.Cards;

namespace Processor.Api;

/// <summary>What a caller wants a card's chip to do. A PIN is changed where PINs are set, and not here.</summary>
internal sealed record OrderScriptRequest(ScriptCommand Command, byte Template, ushort DataObject, byte[] Data)
{
    private static readonly (string Word, ScriptCommand Command)[] Commands =
    [
        ("application_block", ScriptCommand.ApplicationBlock),
        ("application_unblock", ScriptCommand.ApplicationUnblock),
        ("card_block", ScriptCommand.CardBlock),
        ("pin_unblock", ScriptCommand.PinUnblock),
        ("put_data", ScriptCommand.PutData),
    ];

    /// <summary>Reads the body; null, with what is wrong noted, when it makes no sense.</summary>
    internal static OrderScriptRequest? Read(JsonFields fields)
    {
        var word = fields.Word("command", isRequired: true, [.. Commands.Select(command => command.Word)]);
        var template = fields.Word("template", isRequired: false, "71", "72") ?? "72";
        var dataObject = fields.Hex("data_object", isRequired: word == "put_data", 1..2);
        var data = fields.Hex("data", isRequired: word == "put_data", 1..ScriptOrder.DataLengthMax);
        if (word is null)
            return null;
        if (word != "put_data")
        {
            if (dataObject is not null || data is not null)
                fields.Refuse(dataObject is null ? "data" : "data_object", "invalid_value", "Only put_data has this.");
            return new(Commands.Single(command => command.Word == word).Command, Convert.ToByte(template, 16), 0, []);
        }

        if (dataObject is null || data is null)
            return null;
        var tag = dataObject.Aggregate(0, (number, item) => (number << 8) | item);
        if (tag == 0)
            fields.Refuse("data_object", "invalid_value", "No data object has the tag 0.");
        return new(ScriptCommand.PutData, Convert.ToByte(template, 16), (ushort)tag, data);
    }
}
