using System.CommandLine;
using Processor.Security;

namespace Processor.Cli.Commands;

/// <summary>What a new key shall be.</summary>
internal sealed class KeyTemplateOptions
{
    private readonly Option<string> usage = new("--usage", "-u")
    {
        Description = "What it is for, by name or as in a key block: pin-encryption or P0.",
        HelpName = "usage",
        Required = true,
    };

    private readonly Option<string> algorithm = KeyAlgorithmOption.Make("What it is used with: tdes, aes or hmac. tdes where none is given, and hmac for the usage hmac.");

    private readonly Option<int> bits = new("--bits")
    {
        Description = "Its length, parity bits counted; 128 for tdes and 256 for others where none is given.",
        HelpName = "number",
    };

    private readonly Option<char> mode = new("--mode")
    {
        Description = "Which way it may be used, as in a key block; everything that the usage allows where none is given.",
        HelpName = "letter",
    };

    private readonly Option<bool> isExportable = new("--exportable") { Description = "It may leave the module under a key encryption key." };

    public KeyTemplateOptions(Command command)
    {
        command.Add(usage);
        command.Add(algorithm);
        command.Add(bits);
        command.Add(mode);
        command.Add(isExportable);
    }

    public KeyTemplate Read(ParseResult parsed, string name)
    {
        var what = KeyWords.UsageOf(parsed.GetRequiredValue(usage));
        var with = parsed.GetValue(algorithm) is { } word ? KeyAlgorithmOption.Of(word) : KeyWords.AlgorithmOf(what);
        var length = parsed.GetValue(bits) is var given and > 0 ? given : with == KeyAlgorithm.TripleDes ? 128 : 256;
        var way = parsed.GetValue(mode) is var letter and not '\0' ? (KeyMode)(byte)char.ToUpperInvariant(letter) : KeyWords.ModeOf(what);
        return new(name, what, with, way, parsed.GetValue(isExportable) ? KeyExportability.Exportable : KeyExportability.NonExportable, length);
    }
}
