using System.Globalization;
using System.Text;

namespace Processor.Security;

/// <summary>What the device knows each key by. Prints a mask.</summary>
internal sealed class PayShieldKeys
{
    /// <summary>The longest key block that is sent.</summary>
    internal const int TokenLengthMax = 1024;

    private readonly Dictionary<KeyRef, byte[]> tokens = [];

    internal PayShieldKeys(IEnumerable<KeyValuePair<string, string>> keys)
    {
        foreach (var (name, token) in keys)
        {
            if (TryName(name, out var key))
                tokens[key] = Encoding.ASCII.GetBytes(token);
        }
    }

    internal bool TryGet(KeyRef key, out byte[] token) => tokens.TryGetValue(key, out token!);

    /// <summary>Whether the key stands in a key block, which tells its usage by itself.</summary>
    internal static bool IsBlock(ReadOnlySpan<byte> token) => token[0] == (byte)'S';

    /// <summary>Reads <c>name</c> or <c>name@version</c>.</summary>
    internal static bool TryName(string name, out KeyRef key)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        ushort version = 0;
        key = default;
        if (at >= 0 && (!ushort.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out version) || version == 0))
            return false;
        key = new(at < 0 ? name : name[..at], version);
        return KeyRules.IsName(key.Id);
    }

    internal static bool IsToken(string token) => token.Length is > 3 and <= TokenLengthMax && token[0] switch
    {
        'U' or 'X' => IsHex(token, 32) || IsPlace(token),
        'T' or 'Y' => IsHex(token, 48) || IsPlace(token),
        'S' => token.Length > KeyBlockHeader.FixedLength && token.All(letter => char.IsAscii(letter) && !char.IsControl(letter)),
        'K' => token.Length == 4 && token.AsSpan(1).IndexOfAnyExcept(Hex) < 0,
        _ => false,
    };

    /// <inheritdoc/>
    public override string ToString() => "PayShieldKeys ****";

    private static System.Buffers.SearchValues<char> Hex { get; } = System.Buffers.SearchValues.Create("0123456789ABCDEFabcdef");

    private static bool IsHex(string token, int digits) => token.Length == digits + 1 && token.AsSpan(1).IndexOfAnyExcept(Hex) < 0;

    private static bool IsPlace(string token) => token.Length == 5 && token[1] == 'K' && token.AsSpan(2).IndexOfAnyExcept(Hex) < 0;
}
