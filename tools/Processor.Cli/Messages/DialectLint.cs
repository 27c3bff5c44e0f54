using Processor.Iso8583;

namespace Processor.Cli.Messages;

/// <summary>What is doubtful in a dialect that can be used.</summary>
internal static class DialectLint
{
    // Element -> what may be said of it; where ISO 8583:1987 and 1993 put card data.
    private static readonly (int Element, Sensitivity[] Allowed)[] CardData =
    [
        (2, [Sensitivity.Pan, Sensitivity.Secret]),
        (34, [Sensitivity.Pan, Sensitivity.Secret]),
        (35, [Sensitivity.Track, Sensitivity.Secret]),
        (36, [Sensitivity.Track, Sensitivity.Secret]),
        (45, [Sensitivity.Track, Sensitivity.Secret]),
        (52, [Sensitivity.Secret]),
        (55, [Sensitivity.Icc, Sensitivity.Secret]),
    ];

    // Without these an authorization cannot be decided or answered.
    private static readonly int[] Needed = [2, 3, 4, 7, 11, 37, 38, 39, 41, 49];

    // A dialect with none of these is of records, such as clearing's, that nobody answers.
    private static readonly int[] OfExchanges = [7, 11, 39];

    /// <summary>One line for each finding.</summary>
    public static IReadOnlyList<string> Check(Dialect dialect)
    {
        var findings = new List<string>();
        foreach (var (element, allowed) in CardData)
        {
            if (dialect[element] is { Parts: null } rule && !allowed.Contains(rule.Sensitivity))
                findings.Add($"DE{element}: holds card data, so it has sensitive {string.Join(" or ", allowed).ToLowerInvariant()}");
        }

        bool isExchanged = OfExchanges.Any(element => dialect[element] is not null);
        foreach (int element in Needed)
        {
            if (dialect[element] is null && isExchanged)
                findings.Add($"DE{element}: is not defined, and an authorization needs it");
        }

        if (dialect.VerificationValue is { } verification)
            CheckVerificationValue(dialect[verification.DataElement]!, verification, findings);
        for (int element = 2; element <= 192; element++)
        {
            if (dialect[element] is { } rule)
                CheckElement(dialect, rule, findings);
        }

        return findings;
    }

    // CVV2 and CVC2 are found by their tag in text only, or as a part; and neither is ever printed.
    private static void CheckVerificationValue(ElementRule rule, VerificationValueRule value, List<string> findings)
    {
        string place = $"DE{rule.DataElement}";
        if (value.Part is null && rule.Class == CharacterClass.B)
            findings.Add($"{place}: verificationValue looks for its text, and it is bytes: name its part, or set verificationValue to null");
        bool isSecret = rule.Sensitivity == Sensitivity.Secret
            || rule.Parts?.Items.Any(item => item.Key == (value.Part ?? value.Tag) && item.Rule.Sensitivity == Sensitivity.Secret) == true;
        if (!isSecret)
            findings.Add($"{place}: holds the card verification value, so it or the part that holds it has sensitive secret");
    }

    private static void CheckElement(Dialect dialect, ElementRule rule, List<string> findings)
    {
        string place = $"DE{rule.DataElement}";
        if (string.IsNullOrWhiteSpace(rule.Name))
            findings.Add($"{place}: has no name");

        if (rule.Parts is { } parts)
        {
            if (PartsLint.WhyNotReadBack(dialect, rule.DataElement, parts) is { } why)
                findings.Add($"{place}: its parts are not read back: {why}");
            return;
        }

        // What must be a date takes no content of ones.
        if (rule.Date != default)
            return;
        // A length in bytes cannot tell an odd number of BCD digits.
        int shortest = rule.Encoding == ContentEncoding.Bcd && rule.LengthUnit == LengthUnit.Bytes ? 2 : 1;
        foreach (int length in (int[])(rule.IsFixed ? [rule.LengthMax] : [shortest, Math.Min(rule.LengthMax, 9_999)]))
        {
            if (WhyNotReadBack(dialect, rule, length) is { } reason)
                findings.Add($"{place}: with {length} characters is not read back: {reason}");
        }
    }

    private static string? WhyNotReadBack(Dialect dialect, ElementRule rule, int length)
    {
        string content = PartsLint.ContentOf(rule.Class, length);
        var message = new Iso8583Message(Mti.Parse("0100")) { [rule.DataElement] = content };
        try
        {
            var again = Iso8583Message.Parse(dialect, message.ToBytes(dialect));
            return again[rule.DataElement] == content ? null : "the content is another";
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }
}
