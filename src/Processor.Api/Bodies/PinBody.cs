using Processor.Authorization;

namespace Processor.Api;

/// <summary>Reads a PIN as callers send it: in an encrypted block. A clear one has no place here.</summary>
internal static class PinBody
{
    /// <summary>The formats that carry the card's PAN, and that which does not.</summary>
    internal static readonly string[] Formats = ["iso0", "iso1", "iso3", "iso4"];

    /// <summary>The format for a card whose PAN is not known yet.</summary>
    internal static readonly string[] FormatsWithoutPan = ["iso1"];

    /// <summary>Reads format and block.</summary>
    /// <param name="fields">Where they stand.</param>
    /// <param name="formats">Those that may come.</param>
    /// <returns>Null, with what is wrong noted, unless both are there.</returns>
    internal static SealedPin? Read(JsonFields fields, string[] formats)
    {
        var format = fields.Word("format", isRequired: true, formats);
        var block = fields.Hex("block", isRequired: true, 8..16);
        if (format is null || block is null)
            return null;
        if (block.Length == (format == "iso4" ? 16 : 8))
            return new SealedPin((byte)(format[^1] - '0'), block);
        fields.Refuse("block", "invalid_value", "A block of iso4 has 16 bytes, any other 8.");
        return null;
    }
}
