using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Processor.Security.Vectors;

/// <summary>Codes and raw ciphers.</summary>
internal static class MacVectors
{
    internal static JsonNode? Compute(string algorithm, VectorInputs inputs) => algorithm switch
    {
        "mac.iso9797_alg1" => Cut(Iso9797(inputs, RetailMac.Algorithm1), inputs),
        "mac.iso9797_alg3" => Cut(Iso9797(inputs, RetailMac.Algorithm3), inputs),
        "mac.cmac_tdes" => Cut(CmacOf(inputs.Des("key"), inputs), inputs),
        "mac.cmac_aes" => Cut(CmacOf(inputs.Aes("key"), inputs), inputs),
        "mac.hmac" => Cut(Hmac(inputs), inputs),
        "cipher.tdes_ecb" => Tdes(inputs, isChained: false),
        "cipher.tdes_cbc" => Tdes(inputs, isChained: true),
        "cipher.aes_gcm" => Seal(inputs),
        "cipher.aes_gcm_open" => Open(inputs),
        _ => null,
    };

    private delegate ulong Iso9797Code(ref TripleDesKey key, ReadOnlySpan<byte> data, MacPadding padding);

    private static string Iso9797(VectorInputs inputs, Iso9797Code code)
    {
        var key = inputs.Des("key");
        return EmvVectors.Hex(code(ref key, inputs.Hex("data"), (MacPadding)inputs.Integer("padding", 1, 3)));
    }

    private static string CmacOf<TKey>(TKey key, VectorInputs inputs)
        where TKey : struct, IBlockKey
    {
        var code = new byte[TKey.BlockLength];
        Cmac.Compute(ref key, inputs.Hex("data"), code);
        return Convert.ToHexString(code);
    }

    private static string Hmac(VectorInputs inputs)
    {
        var name = inputs.Text("hash").ToUpperInvariant() switch
        {
            "SHA1" => HashAlgorithmName.SHA1,
            "SHA256" => HashAlgorithmName.SHA256,
            "SHA384" => HashAlgorithmName.SHA384,
            "SHA512" => HashAlgorithmName.SHA512,
            _ => throw new VectorException("hash is not sha1, sha256, sha384 or sha512."),
        };
        return Convert.ToHexString(CryptographicOperations.HmacData(name, inputs.Hex("key"), inputs.Hex("data")));
    }

    private static string Cut(string code, VectorInputs inputs) =>
        inputs.Has("bytes") ? code[..(2 * (int)inputs.Integer("bytes", 1, code.Length / 2))] : code;

    private static string Tdes(VectorInputs inputs, bool isChained)
    {
        var key = inputs.Des("key");
        var data = inputs.Hex("data");
        if (data.Length % 8 != 0)
            throw new VectorException("data is not of whole blocks.");
        if (isChained)
            Modes.EncryptCbc(ref key, inputs.Hex("iv", 8), data);
        else
            Modes.EncryptEcb(ref key, data);
        return Convert.ToHexString(data);
    }

    private static JsonObject Seal(VectorInputs inputs)
    {
        using var key = new AesGcm(inputs.Hex("key", 16, 24, 32), 16);
        var clear = inputs.HexUpTo("plaintext", 1 << 20);
        var cipher = new byte[clear.Length];
        var tag = new byte[16];
        key.Encrypt(inputs.Hex("nonce", 12), clear, cipher, tag, inputs.HexUpTo("aad", 1 << 20));
        return new JsonObject { ["ciphertext"] = Convert.ToHexString(cipher), ["tag"] = Convert.ToHexString(tag) };
    }

    private static string Open(VectorInputs inputs)
    {
        using var key = new AesGcm(inputs.Hex("key", 16, 24, 32), 16);
        var cipher = inputs.HexUpTo("ciphertext", 1 << 20);
        var clear = new byte[cipher.Length];
        try
        {
            key.Decrypt(inputs.Hex("nonce", 12), cipher, inputs.Hex("tag", 16), clear, inputs.HexUpTo("aad", 1 << 20));
            return Convert.ToHexString(clear);
        }
        catch (AuthenticationTagMismatchException)
        {
            return "ERR:TAG";
        }
    }
}
