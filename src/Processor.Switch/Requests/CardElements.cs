using System.Security.Cryptography;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>Finds the PAN: in DE 2, else in track 2, else in track 1. What is read of a track leaves no trace.</summary>
internal static class CardElements
{
    // Track 2 (DE 35): PAN = YYMM ...          ISO/IEC 7813
    // Track 1 (DE 45): B PAN ^ name ^ YYMM ...
    private const int TrackLengthMax = 104;
    private const int ExpiryLength = 4;

    /// <summary>Reads the PAN, and from a track the expiry.</summary>
    /// <param name="view">The message.</param>
    /// <param name="pan">The PAN.</param>
    /// <param name="trackExpiry">YYMM; 0 when the PAN is not from a track, or the track has none.</param>
    /// <returns>False when the message has no readable PAN.</returns>
    internal static bool TryGetPan(in MessageView view, out Pan pan, out ushort trackExpiry)
    {
        trackExpiry = 0;
        Span<byte> text = stackalloc byte[TrackLengthMax];
        try
        {
            int length;
            if (view.Has(2))
                return view.TryGetDigits(2, text, out length) & Pan.TryFromDigits(text[..length], out pan);
            if (view.TryGetText(35, text, out length))
                return TryReadTrack2(text[..length], out pan, out trackExpiry);
            if (view.TryGetText(45, text, out length))
                return TryReadTrack1(text[..length], out pan, out trackExpiry);
            pan = default;
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static bool TryReadTrack2(ReadOnlySpan<byte> track, out Pan pan, out ushort expiry)
    {
        var end = track.IndexOf((byte)'=');
        expiry = end < 0 ? (ushort)0 : ExpiryOf(track[(end + 1)..]);
        return Pan.TryFromDigits(end < 0 ? track : track[..end], out pan);
    }

    private static bool TryReadTrack1(ReadOnlySpan<byte> track, out Pan pan, out ushort expiry)
    {
        expiry = 0;
        pan = default;
        if (track.StartsWith("%"u8))
            track = track[1..];
        if (!track.StartsWith("B"u8))
            return false;
        track = track[1..];
        var end = track.IndexOf((byte)'^');
        if (end < 0)
            return false;
        var nameEnd = track[(end + 1)..].IndexOf((byte)'^');
        if (nameEnd >= 0)
            expiry = ExpiryOf(track[(end + nameEnd + 2)..]);
        return Pan.TryFromDigits(track[..end], out pan);
    }

    private static ushort ExpiryOf(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < ExpiryLength)
            return 0;
        var value = 0;
        foreach (var digit in rest[..ExpiryLength])
        {
            if (!char.IsAsciiDigit((char)digit))
                return 0;
            value = (value * 10) + (digit - '0');
        }

        return (ushort)value;
    }
}
