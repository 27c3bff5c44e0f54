using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Processor.Security;

/// <summary>The tags of DE 55 that a cryptogram is made of. Prints a mask.</summary>
/// <remarks>A value of fixed size without references, so that a request can hold it after the message's buffer is gone.</remarks>
public struct IccData
{
    /// <summary>Bytes of <see cref="Minimum"/>.</summary>
    public const int MinimumLength = 33;

    /// <summary>The most bytes of tag 9F10.</summary>
    public const int ApplicationDataLengthMax = 32;

    // A terminal that leaves 9F27 out asks: EMV Book 4 has it in every request.
    private const byte Request = 0x80;

    // 9F02(6) 9F03(6) 9F1A(2) 95(5) 5F2A(2) 9A(3) 9C(1) 9F37(4) 82(2) 9F36(2)
    private MinimumBytes minimum;
    private ApplicationBytes application;
    private byte applicationLength;

    /// <summary>Tag 9F26.</summary>
    public ulong Cryptogram { get; private set; }

    /// <summary>Tag 9F27: 0x80 for an ARQC, 0x40 for a TC, 0x00 for an AAC, in the highest two bits.</summary>
    public byte CryptogramInformation { get; private set; }

    /// <summary>Tag 9F36.</summary>
    public readonly ushort Atc => BinaryPrimitives.ReadUInt16BigEndian(Minimum[31..]);

    /// <summary>Tag 9F37.</summary>
    public readonly uint UnpredictableNumber => BinaryPrimitives.ReadUInt32BigEndian(Minimum[25..]);

    /// <summary>Tag 9F02 as BCD, 6 bytes.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> Amount => Minimum[..6];

    /// <summary>Tag 5F2A as BCD, such as 0x0978.</summary>
    public readonly ushort Currency => BinaryPrimitives.ReadUInt16BigEndian(Minimum[19..]);

    /// <summary>Tag 95, the terminal verification results, 5 bytes.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> TerminalVerification => Minimum[14..19];

    /// <summary>The ten tags that every cryptogram covers, in EMV's order: EMV Book 2 section 8.1.1.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> Minimum => minimum;

    /// <summary>Tag 9F10, the issuer application data, up to 32 bytes.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> ApplicationData => ((ReadOnlySpan<byte>)application)[..applicationLength];

    /// <summary>Reads DE 55. Tags that no cryptogram needs are passed over, whatever they hold.</summary>
    /// <param name="tlv">BER-TLV, with 00 and FF bytes allowed between.</param>
    /// <param name="data">What was read; the default value unless the answer is <see cref="IccStatus.Ok"/>.</param>
    public static IccStatus TryRead(ReadOnlySpan<byte> tlv, out IccData data)
    {
        var read = new IccData { CryptogramInformation = Request };
        var status = IccDataReader.Read(tlv, ref read);
        data = status == IccStatus.Ok ? read : default;
        return status;
    }

    /// <summary>Puts one tag's value in its place.</summary>
    /// <returns>False for a tag that is not one of these or a length that it does not have.</returns>
    public bool TrySet(int tag, ReadOnlySpan<byte> value)
    {
        switch (tag)
        {
            case 0x9F26 when value.Length == 8:
                Cryptogram = BinaryPrimitives.ReadUInt64BigEndian(value);
                return true;
            case 0x9F27 when value.Length == 1:
                CryptogramInformation = value[0];
                return true;
            case 0x9F10 when value.Length <= ApplicationDataLengthMax:
                value.CopyTo(application);
                applicationLength = (byte)value.Length;
                return true;
            default:
                var (start, length) = PlaceOf(tag);
                if (length == 0 || length != value.Length)
                    return false;
                value.CopyTo(((Span<byte>)minimum)[start..]);
                return true;
        }
    }

    /// <inheritdoc/>
    public override readonly string ToString() => "IccData ****";

    internal static (int Start, int Length) PlaceOf(int tag) => tag switch
    {
        0x9F02 => (0, 6),
        0x9F03 => (6, 6),
        0x9F1A => (12, 2),
        0x95 => (14, 5),
        0x5F2A => (19, 2),
        0x9A => (21, 3),
        0x9C => (24, 1),
        0x9F37 => (25, 4),
        0x82 => (29, 2),
        0x9F36 => (31, 2),
        _ => (0, 0),
    };

    [InlineArray(MinimumLength)]
    private struct MinimumBytes
    {
        private byte first;
    }

    [InlineArray(ApplicationDataLengthMax)]
    private struct ApplicationBytes
    {
        private byte first;
    }
}
