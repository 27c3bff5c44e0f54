using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>Application cryptograms and the issuer's answers to them: EMV Book 2 section 8.</summary>
internal static class Cryptogram
{
    /// <summary>The most bytes that a cryptogram covers.</summary>
    internal const int DataLengthMax = IccData.MinimumLength + IccData.ApplicationDataLengthMax;

    /// <summary>The session's key for cryptograms.</summary>
    /// <param name="key">The card's key.</param>
    /// <param name="method">How; <see cref="SessionMethod.None"/> has no session.</param>
    /// <param name="atc">The counter.</param>
    /// <param name="unpredictableNumber">The terminal's.</param>
    internal static (ulong Left, ulong Right) Session(ref TripleDesKey key, SessionMethod method, ushort atc, uint unpredictableNumber) =>
        IccKeys.CommonSession(ref key, ((ulong)atc << 48) | (method == SessionMethod.MChip ? unpredictableNumber : 0));

    /// <summary>The session's key by any method; the trees begin with the bytes of the card's key.</summary>
    internal static (ulong Left, ulong Right) Session(
        ref TripleDesKey key, (ulong Left, ulong Right) master, SessionMethod method, ushort atc, uint unpredictableNumber) => method switch
        {
            SessionMethod.None => master,
            SessionMethod.TreeOfFour => IccKeys.Tree(master, iv: default, atc, height: 8, branch: 4),
            SessionMethod.TreeOfTwo => IccKeys.Tree(master, iv: default, atc, height: 16, branch: 2),
            _ => Session(ref key, method, atc, unpredictableNumber),
        };

    /// <summary>Writes what a cryptogram covers.</summary>
    /// <returns>Its length; 0 when the application data is too short for the profile.</returns>
    internal static int WriteData(ApplicationPart part, in IccData icc, Span<byte> target)
    {
        icc.Minimum.CopyTo(target);
        var application = icc.ApplicationData;
        var (start, length) = part switch
        {
            ApplicationPart.VisaResults => (3, 4),
            ApplicationPart.MChipResults => (2, 6),
            ApplicationPart.MChipCounters => (2, 6),
            _ => (0, application.Length),
        };
        var end = part == ApplicationPart.MChipCounters ? 18 : start + length;
        if (application.Length < end)
            return 0;
        application.Slice(start, length).CopyTo(target[IccData.MinimumLength..]);
        if (part != ApplicationPart.MChipCounters)
            return IccData.MinimumLength + length;
        application.Slice(10, 8).CopyTo(target[(IccData.MinimumLength + 6)..]);
        return IccData.MinimumLength + 14;
    }

    /// <summary>ARPC method 1: the response code added to the cryptogram's first bytes, encrypted.</summary>
    internal static ulong Arpc1(ref TripleDesKey key, ulong cryptogram, ushort responseCode) =>
        key.Encrypt(cryptogram ^ ((ulong)responseCode << 48));

    /// <summary>ARPC method 2: the first four bytes of the code over cryptogram, card status and proprietary data.</summary>
    internal static uint Arpc2(ref TripleDesKey key, ulong cryptogram, uint cardStatusUpdate, ulong proprietary, int proprietaryLength)
    {
        Span<byte> text = stackalloc byte[20];
        BinaryPrimitives.WriteUInt64BigEndian(text, cryptogram);
        BinaryPrimitives.WriteUInt32BigEndian(text[8..], cardStatusUpdate);
        BinaryPrimitives.WriteUInt64BigEndian(text[12..], proprietary);
        return (uint)(RetailMac.Algorithm3(ref key, text[..(12 + proprietaryLength)], MacPadding.Method2) >> 32);
    }

    /// <summary>ARPC method 2 for two card statuses without proprietary data. Both begin with the cryptogram, which is encrypted once.</summary>
    internal static (uint First, uint Second) Arpc2(ref TripleDesKey key, ulong cryptogram, uint first, uint second)
    {
        const ulong padding = 0x8000_0000;
        var state = key.EncryptSingle(cryptogram);
        var (one, other) = key.EncryptTwo(state ^ ((ulong)first << 32) ^ padding, state ^ ((ulong)second << 32) ^ padding);
        return ((uint)(one >> 32), (uint)(other >> 32));
    }

    /// <summary>Compares in a time that does not depend on where the difference is.</summary>
    internal static bool AreEqual(ulong left, ulong right)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, left);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], right);
        return CryptographicOperations.FixedTimeEquals(bytes[..8], bytes[8..]);
    }
}
