using System.Buffers;
using System.Text.Json;
using Processor.Cards;

namespace Processor.Api;

/// <summary>Reads the members of a JSON object and notes what is wrong with each, with its pointer. A member that is null is absent.</summary>
internal sealed class JsonFields(JsonElement source, string pointer, List<ProblemError> errors)
{
    /// <summary>The largest amount: 15 digits, so that every JSON reader holds it exactly and balances have room for thousands.</summary>
    internal const long AmountMax = 999_999_999_999_999;

    private static readonly SearchValues<char> IntegerCharacters = SearchValues.Create("-0123456789");

    private readonly HashSet<string> known = [];

    /// <summary>Notes that something is wrong with a member.</summary>
    internal void Refuse(string name, string code, string detail) => errors.Add(new(PointerTo(name), code, detail));

    internal string? Text(string name, int lengthMax)
    {
        if (!TryGet(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String)
        {
            Refuse(name, "invalid_type", "This has to be a string.");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length > 0 && text.Length <= lengthMax && !text.Any(char.IsControl))
            return HasNoPan(name, text) ? text : null;
        Refuse(name, "invalid_length", $"This has to be 1 to {lengthMax} characters, none of them a control character.");
        return null;
    }

    /// <summary>One of some words.</summary>
    internal string? Word(string name, bool isRequired, params string[] words)
    {
        if (!TryGet(name, out var value))
        {
            if (isRequired)
                Refuse(name, "required", "This is required.");
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && words.FirstOrDefault(word => value.ValueEquals(word)) is { } found)
            return found;
        Refuse(name, "invalid_value", $"This has to be one of: {string.Join(", ", words)}.");
        return null;
    }

    /// <summary>Bytes as hexadecimal digits. What they hold may be a secret and is not looked at.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isRequired">True when it may not be absent.</param>
    /// <param name="lengths">How many bytes it may have.</param>
    internal byte[]? Hex(string name, bool isRequired, Range lengths)
    {
        if (!TryGet(name, out var value))
        {
            if (isRequired)
                Refuse(name, "required", "This is required.");
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit)
            && text.Length / 2 >= lengths.Start.Value && text.Length / 2 <= lengths.End.Value)
        {
            return Convert.FromHexString(text);
        }

        Refuse(name, "invalid_value", $"This has to be {lengths.Start.Value} to {lengths.End.Value} bytes as hexadecimal digits.");
        return null;
    }

    /// <summary>A whole number written without fraction and exponent.</summary>
    internal long? Integer(string name, long min, long max)
    {
        if (!TryGet(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Number || value.GetRawText().AsSpan().ContainsAnyExcept(IntegerCharacters))
            Refuse(name, "not_an_integer", "This has to be a whole number, not a string, without fraction and exponent.");
        else if (!value.TryGetInt64(out var number) || number < min || number > max)
            Refuse(name, "out_of_range", $"This has to be {min} to {max}.");
        else
            return number;
        return null;
    }

    /// <summary>A member that is an object; null when it is absent or something else.</summary>
    internal JsonFields? Object(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Object)
            return new JsonFields(value, PointerTo(name), errors);
        Refuse(name, "invalid_type", "This has to be an object.");
        return null;
    }

    /// <summary>An amount of money: minor units as a whole number, and a currency.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="min">Minor units at least.</param>
    internal Amount? Money(string name, long min)
    {
        if (Object(name) is not { } money)
            return null;
        var minorUnits = money.Integer("amount", min, AmountMax);
        if (!money.Has("amount"))
            money.Refuse("amount", "required", "This is required, in minor units of the currency.");
        var alpha = money.Text("currency", 3);
        var currency = Currency.None;
        if (!money.Has("currency"))
            money.Refuse("currency", "required", "This is required: three letters of ISO 4217.");
        else if (alpha is not null && !Currency.TryFromAlpha(alpha, out currency))
            money.Refuse("currency", "invalid_value", "This is no currency code of ISO 4217.");
        money.End();
        return minorUnits is { } units && currency != Currency.None ? new Amount(units, currency) : null;
    }

    /// <summary>An object whose members are all strings, as the JSON text in which it is kept.</summary>
    internal string? Strings(string name, int countMax, int nameLengthMax, int lengthMax)
    {
        if (!TryGet(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Object)
        {
            Refuse(name, "invalid_type", "This has to be an object.");
            return null;
        }

        var members = value.EnumerateObject().ToList();
        var isGood = members.Count <= countMax && members.All(member =>
            member.Name.Length > 0 && member.Name.Length <= nameLengthMax && member.Value.ValueKind == JsonValueKind.String
            && member.Value.GetString()!.Length <= lengthMax && !(member.Name + member.Value.GetString()).Contains('\0', StringComparison.Ordinal));
        if (isGood)
            return members.All(member => HasNoPan(name, member.Name) && HasNoPan(name, member.Value.GetString()!)) ? value.GetRawText() : null;
        Refuse(name, "invalid_value", $"This has at most {countMax} members with names of 1 to {nameLengthMax} characters and strings of at most {lengthMax}.");
        return null;
    }

    /// <summary>True when the member is there and not null, right or wrong.</summary>
    internal bool Has(string name) => TryGet(name, out _);

    /// <summary>Notes every member that nobody asked for.</summary>
    internal void End()
    {
        if (source.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in source.EnumerateObject())
        {
            // The name is the caller's and is not repeated: it may be a secret that slipped.
            if (!known.Contains(member.Name))
                errors.Add(new(pointer + "/-", "unknown_field", "There is a member here that is not known."));
        }
    }

    /// <summary>What callers write is kept and shown as it came, and no card number may be.</summary>
    private bool HasNoPan(string name, string text)
    {
        if (!PanSearch.HasPan(text))
            return true;
        Refuse(name, "card_number", "This holds what looks like a card number; none may be kept here.");
        return false;
    }

    private string PointerTo(string name) => pointer + "/" + name;

    private bool TryGet(string name, out JsonElement value)
    {
        known.Add(name);
        value = default;
        return source.ValueKind == JsonValueKind.Object && source.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }
}
