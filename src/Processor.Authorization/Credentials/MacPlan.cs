using Processor.Security;

namespace Processor.Authorization;

/// <summary>How the codes of a link's messages are made, compiled from the words of configuration.</summary>
public sealed class MacPlan
{
    /// <summary>The fewest bytes of a code that are looked at: fewer could be tried out.</summary>
    public const int LengthMin = 4;

    /// <summary>The most bytes that an algorithm gives.</summary>
    public const int LengthMax = 32;

    /// <summary>Compiles the words.</summary>
    /// <param name="key">The security module's name of the key; its active version makes codes, the one before checks them too.</param>
    /// <param name="algorithm"><c>iso9797-1-alg1</c>, <c>iso9797-1-alg3</c>, <c>cmac</c> or <c>hmac-sha256</c>; whether a CMAC is TDES's or AES's is the key's.</param>
    /// <param name="padding">Method 1, 2 or 3 of ISO 9797-1; the other algorithms have their own.</param>
    /// <param name="length">The leftmost bytes of the code that messages carry.</param>
    /// <exception cref="ArgumentException">One of them means nothing; the message says which.</exception>
    public MacPlan(string key, string algorithm, int padding, int length)
    {
        (Algorithm, Usage, var longest) = algorithm switch
        {
            "iso9797-1-alg1" => (MacAlgorithm.Iso9797Alg1, KeyUsage.Iso9797Mac1, 8),
            "iso9797-1-alg3" => (MacAlgorithm.Iso9797Alg3, KeyUsage.Iso9797Mac3, 8),
            "cmac" => (MacAlgorithm.Cmac, KeyUsage.Cmac, 16),
            "hmac-sha256" => (MacAlgorithm.HmacSha256, KeyUsage.Hmac, LengthMax),
            _ => throw new ArgumentException($"{algorithm} is not one of iso9797-1-alg1, iso9797-1-alg3, cmac, hmac-sha256.", nameof(algorithm)),
        };
        if (padding is < 1 or > 3)
            throw new ArgumentException($"{padding} is not one of 1, 2, 3.", nameof(padding));
        if (length < LengthMin || length > longest)
            throw new ArgumentException($"{length} is not within {LengthMin} and {longest}.", nameof(length));
        Key = new(key);
        Padding = Algorithm is MacAlgorithm.Iso9797Alg1 or MacAlgorithm.Iso9797Alg3 ? (MacPadding)padding : MacPadding.None;
        Length = length;
    }

    /// <summary>Bytes of a code.</summary>
    public int Length { get; }

    internal KeyRef Key { get; }

    internal MacAlgorithm Algorithm { get; }

    internal MacPadding Padding { get; }

    /// <summary>What a key for these codes is for.</summary>
    internal KeyUsage Usage { get; }
}
