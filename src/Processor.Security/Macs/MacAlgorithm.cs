namespace Processor.Security;

/// <summary>How a message's code is computed.</summary>
public enum MacAlgorithm : byte
{
    None,

    /// <summary>ISO 9797-1 algorithm 1: CBC over a DES key of any length.</summary>
    Iso9797Alg1,

    /// <summary>ISO 9797-1 algorithm 3, also ANSI X9.19: CBC under the left half, the last block under both.</summary>
    Iso9797Alg3,

    /// <summary>CMAC with DES or AES, as the key has it. The padding is its own.</summary>
    Cmac,

    /// <summary>HMAC with SHA-256. There is no padding.</summary>
    HmacSha256,
}
