using System.Buffers.Binary;

namespace Processor.Security;

/// <summary>Commands for the chip: their MAC, their encrypted data, and PIN blocks for the chip.</summary>
internal static class SecureMessaging
{
    /// <summary>The most bytes of a command's data.</summary>
    internal const int DataLengthMax = 240;

    private static ReadOnlySpan<byte> NoIv => [0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The MAC over header, counter and cryptogram where the profile has them, and data.</summary>
    internal static ulong Mac(ref TripleDesKey key, in EmvRules rules, ReadOnlySpan<byte> header, ushort atc, ulong cryptogram, ReadOnlySpan<byte> data)
    {
        Span<byte> text = stackalloc byte[5 + 10 + DataLengthMax];
        header.CopyTo(text);
        var length = header.Length;
        if (rules.HasTransactionInMac)
        {
            BinaryPrimitives.WriteUInt16BigEndian(text[length..], atc);
            BinaryPrimitives.WriteUInt64BigEndian(text[(length + 2)..], cryptogram);
            length += 10;
        }

        data.CopyTo(text[length..]);
        return RetailMac.Algorithm3(ref key, text[..(length + data.Length)], MacPadding.Method2);
    }

    /// <summary>Encrypts a command's data.</summary>
    /// <returns>Bytes written, at most 16 more than the data has.</returns>
    internal static int Encrypt(ref TripleDesKey key, MessagingCipher cipher, ReadOnlySpan<byte> data, Span<byte> target)
    {
        var length = 0;
        if (cipher == MessagingCipher.Visa)
            target[length++] = (byte)data.Length;
        data.CopyTo(target[length..]);
        length += data.Length;
        if (cipher != MessagingCipher.Mastercard || length % 8 != 0)
        {
            var end = (length / 8 * 8) + 8;
            target[length..end].Clear();
            target[length] = 0x80;
            length = end;
        }

        if (cipher == MessagingCipher.Visa)
            Modes.EncryptEcb(ref key, target[..length]);
        else
            Modes.EncryptCbc(ref key, NoIv, target[..length]);
        return length;
    }

    /// <summary>Visa's PIN block: length and new PIN, combined with the card's key for cryptograms, and with the current PIN if there is one.</summary>
    /// <param name="masterLeft">The left half of the card's key, with odd parity.</param>
    /// <param name="pin">The new PIN.</param>
    /// <param name="current">The PIN in the chip, or of length 0.</param>
    internal static ulong VisPinBlock(ulong masterLeft, in ClearPin pin, in ClearPin current)
    {
        var block = pin.Field(0, PinBlockCode.FilledWithF) ^ (uint)masterLeft;
        return current.Length == 0 ? block : block ^ (current.Digits << (64 - (4 * current.Length)));
    }
}
