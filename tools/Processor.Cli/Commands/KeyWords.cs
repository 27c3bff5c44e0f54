using Processor.Security;

namespace Processor.Cli.Commands;

/// <summary>The words for keys on the command line: those of <see cref="KeyUsage"/>, or their two characters in a key block.</summary>
internal static class KeyWords
{
    /// <summary>The usage of a word: <c>pin-encryption</c>, <c>PinEncryption</c> or <c>P0</c>.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static KeyUsage UsageOf(string word)
    {
        if (word.Length == 2 && Enum.IsDefined((KeyUsage)((char.ToUpperInvariant(word[0]) << 8) | word[1])))
            return (KeyUsage)((char.ToUpperInvariant(word[0]) << 8) | word[1]);
        foreach (var usage in Usages)
        {
            if (usage.ToString().Equals(word.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
                return usage;
        }

        throw new UsageException($"{word} is no usage of a key. There are: {string.Join(", ", Usages.Select(usage => $"{CodeOf(usage)} {usage}"))}.");
    }

    /// <summary>Byte 5 and 6 of a key block's header.</summary>
    public static string CodeOf(KeyUsage usage) => new([(char)((int)usage >> 8), (char)((int)usage & 0xFF)]);

    /// <summary>What a key of that usage is used with where nobody says otherwise.</summary>
    public static KeyAlgorithm AlgorithmOf(KeyUsage usage) => usage == KeyUsage.Hmac ? KeyAlgorithm.Hmac : KeyAlgorithm.TripleDes;

    /// <summary>Everything that the usage allows.</summary>
    public static KeyMode ModeOf(KeyUsage usage) => usage switch
    {
        KeyUsage.BaseDerivation or KeyUsage.DukptInitial or KeyUsage.EmvCryptogram or KeyUsage.EmvConfidentiality or KeyUsage.EmvIntegrity
            or KeyUsage.EmvDynamicNumbers or KeyUsage.EmvOther => KeyMode.DeriveOnly,
        KeyUsage.DataEncryption or KeyUsage.KeyEncryption or KeyUsage.KeyBlockProtection or KeyUsage.PinEncryption => KeyMode.Both,
        _ => KeyMode.GenerateAndVerify,
    };

    /// <summary>A name with or without a version: <c>zpk</c>, <c>zpk@2</c>.</summary>
    /// <exception cref="UsageException">The version is none.</exception>
    public static KeyRef RefOf(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return new(text);
        return ushort.TryParse(text.AsSpan(at + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version) && version > 0
            ? new(text[..at], version)
            : throw new UsageException($"{text} is no key: a version is a number from 1.");
    }

    private static IEnumerable<KeyUsage> Usages => Enum.GetValues<KeyUsage>().Where(usage => usage != KeyUsage.None);
}
