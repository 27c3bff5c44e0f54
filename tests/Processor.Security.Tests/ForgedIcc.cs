using System.Buffers.Binary;
using Processor.Cards;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Data of a chip whose right cryptogram is a given one: a known answer to a cryptogram can so be asked for where the transaction is not known.</summary>
internal static class ForgedIcc
{
    // 9F03's last four bytes, 9F1A, and the first two of 95: no key is made of them.
    private const int FreeBlock = 1;

    /// <summary>Finds data with the line's counter, unpredictable number and cryptogram.</summary>
    internal static IccData For(EmvProfile profile, Pan pan, KnownLine line)
    {
        Assert.True(EmvRules.TryGet(profile, out var rules));
        var target = BinaryPrimitives.ReadUInt64BigEndian(line.Bytes("9F26"));
        var icc = HsmCards.Icc(target, ApplicationOf(rules.Part));
        Assert.True(icc.TrySet(0x9F36, line.Bytes("9F36")) && icc.TrySet(0x9F37, line.Bytes("9F37")));
        var (left, right) = SessionOf(rules, icc, pan, line);
        var (first, second) = (new TripleDesKey(left, left), new TripleDesKey(right, right));
        var blocks = Blocks(rules, icc);

        // Forwards to the free block, backwards from the cryptogram to behind it: the block is what leads from one to the other.
        ulong before = 0;
        for (var index = 0; index < FreeBlock; index++)
            before = first.Encrypt(before ^ blocks[index]);
        var behind = first.Decrypt(second.Encrypt(first.Decrypt(target)));
        behind ^= blocks[^1];
        for (var index = blocks.Length - 2; index > FreeBlock; index--)
            behind = first.Decrypt(behind) ^ blocks[index];
        Span<byte> free = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(free, first.Decrypt(behind) ^ before);
        Assert.True(icc.TrySet(0x9F03, [0, 0, .. free[..4]]) && icc.TrySet(0x9F1A, free[4..6]) && icc.TrySet(0x95, [.. free[6..], 0, 0x10, 0x80]));
        return icc;
    }

    private static string ApplicationOf(ApplicationPart part) => part switch
    {
        ApplicationPart.VisaResults => "06010A03A06010",
        ApplicationPart.MChipResults => "0110A000032200000000",
        ApplicationPart.MChipCounters => "0111A000032200000000A3559B40779BC831",
        _ => "060112030E5B09",
    };

    private static (ulong Left, ulong Right) SessionOf(in EmvRules rules, in IccData icc, Pan pan, KnownLine line)
    {
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        var issuer = new TripleDesKey(line.Bytes("imk_ac"));
        var (left, right) = IccKeys.Master(ref issuer, IccKeyOption.A, digits[..pan.CopyDigits(digits)], line.Decimal("psn"));
        var master = new TripleDesKey(left, right);
        return rules.Session == SessionMethod.None ? (left, right) : Cryptogram.Session(ref master, rules.Session, icc.Atc, icc.UnpredictableNumber);
    }

    private static ulong[] Blocks(in EmvRules rules, in IccData icc)
    {
        Span<byte> data = stackalloc byte[Cryptogram.DataLengthMax + 8];
        data.Clear();
        var length = Cryptogram.WriteData(rules.Part, icc, data);
        if (rules.Padding == MacPadding.Method2)
            data[length++] = 0x80;
        var blocks = new ulong[(length + 7) / 8];
        for (var index = 0; index < blocks.Length; index++)
            blocks[index] = BinaryPrimitives.ReadUInt64BigEndian(data[(8 * index)..]);
        return blocks;
    }
}
