using System.CommandLine;
using Processor.Security;

namespace Processor.Cli.Commands;

/// <summary>The option <c>--algorithm</c>.</summary>
internal static class KeyAlgorithmOption
{
    public static Option<string> Make(string description) => new("--algorithm") { Description = description, HelpName = "name" };

    /// <exception cref="UsageException">There is none of that name.</exception>
    public static KeyAlgorithm Of(string word) => word.ToUpperInvariant() switch
    {
        "TDES" => KeyAlgorithm.TripleDes,
        "AES" => KeyAlgorithm.Aes,
        "HMAC" => KeyAlgorithm.Hmac,
        _ => throw new UsageException($"{word} is no algorithm. There are: tdes, aes, hmac."),
    };

    public static string NameOf(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Aes => "aes",
        KeyAlgorithm.Hmac => "hmac",
        _ => "tdes",
    };
}
