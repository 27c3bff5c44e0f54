using Processor.Iso8583;

namespace Processor.Cli.Messages;

/// <summary>Whether an element that is made of parts can be: all that the dialect names are written and read again.</summary>
internal static class PartsLint
{
    /// <summary>Why they are not read as they were written; null when they are.</summary>
    public static string? WhyNotReadBack(Dialect dialect, int element, PartsRule parts)
    {
        // A dataset names its objects in the message, not in the dialect.
        if (parts.Kind == PartsKind.Datasets)
            return null;
        var sample = Sample(parts);
        if (sample.Count == 0)
            return null;
        var message = new Iso8583Message(Mti.Parse("0100"));
        message.SetParts(element, sample);
        try
        {
            byte[] frame = message.ToBytes(dialect);
            var layout = new MessageLayout();
            if (dialect.TryParse(frame, layout) != ParseStatus.Parsed)
                return layout.Error.ToString();
            return AreAlike(sample, Iso8583Part.Read(new MessageView(frame, layout), element)) ? null : "they are others";
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private static List<Iso8583Part> Sample(PartsRule parts)
    {
        var sample = new List<Iso8583Part>();
        foreach (var item in parts.Prefix.Concat(parts.Items))
        {
            bool hasParts = item.Rule.Parts is { Kind: not PartsKind.Datasets };
            var inner = hasParts ? Sample(item.Rule.Parts!) : [];
            bool isTag = item.Rule.Format.Length == 0;
            int length = isTag || !item.Rule.IsFixed ? Math.Min(2, item.Rule.LengthMax) : item.Rule.LengthMax;
            if (inner.Count > 0)
                sample.Add(new Iso8583Part(item.Key, inner));
            else if (item.Rule.Parts is null)
                sample.Add(new Iso8583Part(item.Key, ContentOf(item.Rule.Class, length)));
            else if (parts.Kind == PartsKind.Positional)
                return [];
        }

        return sample;
    }

    /// <summary>Content of a class, with so many digits, characters or bytes.</summary>
    public static string ContentOf(CharacterClass characters, int length) => characters switch
    {
        CharacterClass.B => new string('1', 2 * length),
        CharacterClass.SignedN => "C" + new string('1', length - 1),
        CharacterClass.A => new string('A', length),
        _ => new string('1', length),
    };

    private static bool AreAlike(IReadOnlyList<Iso8583Part> written, IReadOnlyList<Iso8583Part> read) =>
        written.Count == read.Count
        && written.Zip(read).All(pair => pair.First.Key == pair.Second.Key
            && pair.First.Value == pair.Second.Value && AreAlike(pair.First.Parts, pair.Second.Parts));
}
