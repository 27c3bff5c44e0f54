using System.Globalization;
using System.Security.Cryptography;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>A card of the demo program whose values are computed with the framework's ciphers.</summary>
internal sealed class FrameworkCard(string pan)
{
    private const string Expiry = "3112";
    private const string ServiceCode = "201";
    private const string ChipServiceCode = "999";

    private readonly FrameworkKey valueKey = FrameworkKey.Named(DemoKeys.CardValues);

    /// <summary>What track 1 of the stripe has.</summary>
    internal string Track1 => TrackOne(Expiry, ServiceCode, ServiceCode);

    /// <summary>Track 1 as the chip tells it, with its iCVV.</summary>
    internal string ChipTrack1 => TrackOne(Expiry, ServiceCode, ChipServiceCode);

    /// <summary>A track 1 whose CVV is right for what it says.</summary>
    /// <param name="expiry">YYMM.</param>
    /// <param name="serviceCode">What the track says.</param>
    /// <param name="valueServiceCode">What the CVV is made with.</param>
    internal string TrackOne(string expiry, string serviceCode, string valueServiceCode) =>
        $"B{pan}^DOE/JOHN              ^{expiry}{serviceCode}10000{Value(expiry, valueServiceCode)}";

    /// <summary>A track 2 of the stripe with a PVV.</summary>
    internal string Track2WithPvv(int keyIndex, string pvv) =>
        string.Create(CultureInfo.InvariantCulture, $"{pan}={Expiry}{ServiceCode}{keyIndex}{pvv}{Value(Expiry, ServiceCode)}");

    /// <summary>The Visa PVV: eleven digits of the PAN, the index and four digits of the PIN, encrypted and made decimal.</summary>
    internal string Pvv(FrameworkKey key, int keyIndex, string pin)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{pan[^12..^1]}{keyIndex}{pin[..4]}");
        return Decimalise(key.Encrypt(ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture)), 4);
    }

    /// <summary>A PIN block of format 0, 1 or 3 under a key.</summary>
    internal byte[] PinBlock(int format, string pin, FrameworkKey key)
    {
        var fill = format == 0 ? "FFFFFFFFFFFFFF" : format == 3 ? "ABCDEFABCDEFAB" : "13579135791357";
        var field = ulong.Parse($"{format}{pin.Length:X}{pin}{fill}"[..16], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (format != 1)
            field ^= ulong.Parse(pan[^13..^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return Convert.FromHexString(key.Encrypt(field).ToString("X16", CultureInfo.InvariantCulture));
    }

    /// <summary>A PIN block of format 4: the PIN field encrypted, the PAN field added, encrypted again.</summary>
    internal byte[] PinBlock4(string pin, byte[] key)
    {
        using var cipher = Aes.Create();
        cipher.Key = key;
        var plain = Convert.FromHexString($"4{pin.Length:X}{pin}".PadRight(16, 'A') + "0123456789ABCDEF");
        var panField = Convert.FromHexString($"{pan.Length - 12:X}{pan}".PadRight(32, '0'));
#pragma warning disable CA5358 // Format 4 is two blocks of its own making.
        var middle = cipher.EncryptEcb(plain, PaddingMode.None).Zip(panField, (left, right) => (byte)(left ^ right)).ToArray();
        return cipher.EncryptEcb(middle, PaddingMode.None);
#pragma warning restore CA5358
    }

    // CVV: PAN, expiry and service code, filled with zeros to two blocks; the first under the first half, both under the whole key.
    private string Value(string expiry, string serviceCode)
    {
        var data = (pan + expiry + serviceCode).PadRight(32, '0');
        var first = valueKey.EncryptFirst(ulong.Parse(data[..16], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return Decimalise(valueKey.Encrypt(first ^ ulong.Parse(data[16..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)), 3);
    }

    private static string Decimalise(ulong block, int length)
    {
        var text = block.ToString("X16", CultureInfo.InvariantCulture);
        var digits = text.Where(char.IsAsciiDigit).Concat(text.Where(char.IsAsciiLetter).Select(letter => (char)(letter - 'A' + '0')));
        return string.Concat(digits.Take(length));
    }
}
