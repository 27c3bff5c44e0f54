namespace Processor.Iso8583;

/// <summary>What may be shown of sensitive content. Whatever does not look as expected is hidden altogether.</summary>
internal static class Masking
{
    private const string Hidden = "****";

    // First 6 and last 4 digits of a card number may be shown (PCI DSS 3.4.1); of anything shorter than this, nothing.
    private const int PanLengthMin = 12;
    private const int PanLengthMax = 19;

    /// <summary>The sensitivity of elements by the standard's own use, for messages without a dialect at hand.</summary>
    public static Sensitivity Standard(int dataElement) => dataElement switch
    {
        2 or 34 or 102 or 103 => Sensitivity.Pan,
        35 or 36 or 45 => Sensitivity.Track,
        55 => Sensitivity.Icc,
        48 or 52 or (>= 120 and <= 127) => Sensitivity.Secret,
        _ => Sensitivity.None,
    };

    /// <summary>The part of an element that may be shown; binary content comes as hexadecimal text.</summary>
    public static string Mask(Sensitivity sensitivity, string value) => sensitivity switch
    {
        Sensitivity.None => value,
        Sensitivity.Pan => MaskPan(value),
        Sensitivity.Track => MaskTrack(value),
        _ => value.Length == 0 ? value : Hidden,
    };

    private static string MaskPan(string value)
    {
        if (value.Length < PanLengthMin)
            return value.Length == 0 ? value : Hidden;
        return string.Concat(value.AsSpan(0, 6), new string('*', value.Length - 10), value.AsSpan(value.Length - 4));
    }

    // Track 1: B number ^ name ^ rest. Track 2: number = rest. Sentinels may stand before.
    private static string MaskTrack(string value)
    {
        int first = value.AsSpan().IndexOfAnyInRange('0', '9');
        if (first is < 0 or > 2)
            return value.Length == 0 ? value : Hidden;
        int length = value.AsSpan(first).IndexOfAnyExceptInRange('0', '9');
        if (length is < PanLengthMin or > PanLengthMax)
            return Hidden;
        return string.Concat(
            value.AsSpan(0, first), MaskPan(value.Substring(first, length)), value.AsSpan(first + length, 1), Hidden);
    }
}
