using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>A secret that lets a program call the façade: <c>sk_demo_</c> and 32 characters of base 32, 160 bits of chance. Prints its mask.</summary>
public readonly struct ApiKey
{
    /// <summary>What every key of this installation begins with.</summary>
    public const string Prefix = "sk_demo_";

    /// <summary>Characters after the prefix.</summary>
    public const int SecretLength = 32;

    // RFC 4648 section 6, in lower case.
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly string? text;

    private ApiKey(string text) => this.text = text;

    /// <summary>What the database keeps.</summary>
    public ApiKeyHash Hash => ApiKeyHash.Of(text);

    /// <summary>Makes a new key.</summary>
    public static ApiKey Create() => new(Prefix + RandomNumberGenerator.GetString(Alphabet, SecretLength));

    /// <summary>The key itself, to be shown once to whom it belongs.</summary>
    public string Reveal() => text ?? "";

    /// <summary>The prefix and a mask.</summary>
    public override string ToString() => Prefix + "****";
}
