using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>Puts a key together from the parts of its custodians.</summary>
internal static class KeyComponents
{
    /// <summary>Joins two or three components by exclusive or, and holds each and the whole to its check value.</summary>
    /// <param name="components">Each as long as <paramref name="key"/>.</param>
    /// <param name="algorithm">How check values are made. A DES key gets odd parity.</param>
    /// <param name="checkValue">Of the whole key.</param>
    /// <param name="key">The key; cleared unless the answer is <see cref="HsmStatus.Ok"/>.</param>
    internal static HsmStatus Join(IReadOnlyList<KeyComponent> components, KeyAlgorithm algorithm, string checkValue, Span<byte> key)
    {
        key.Clear();
        if (components.Count is not (2 or 3))
            return HsmStatus.InvalidInput;
        foreach (var component in components)
        {
            if (component.Bytes.Length != key.Length)
                return Fail(HsmStatus.InvalidInput, key);
            if (!Matches(algorithm, component.Bytes, component.CheckValue))
                return Fail(HsmStatus.KcvMismatch, key);
            Modes.Xor(key, component.Bytes);
        }

        if (algorithm == KeyAlgorithm.TripleDes)
            Parity.Adjust(key);
        return Matches(algorithm, key, checkValue) ? HsmStatus.Ok : Fail(HsmStatus.KcvMismatch, key);
    }

    /// <summary>Whether at least 4 hexadecimal digits are the first of the key's check value.</summary>
    internal static bool Matches(KeyAlgorithm algorithm, ReadOnlySpan<byte> key, string checkValue)
    {
        var value = KeyCheckValue.Text(algorithm, key);
        return checkValue.Length >= 4 && value.StartsWith(checkValue, StringComparison.OrdinalIgnoreCase);
    }

    private static HsmStatus Fail(HsmStatus status, Span<byte> key)
    {
        CryptographicOperations.ZeroMemory(key);
        return status;
    }
}
