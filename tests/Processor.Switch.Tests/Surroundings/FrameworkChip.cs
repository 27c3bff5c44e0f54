using System.Buffers.Binary;
using System.Globalization;
using Processor.Cards;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>How the chips of a scheme speak, and a chip that speaks so with the framework's ciphers.</summary>
/// <param name="Name">What the profile is called.</param>
/// <param name="Scheme">The program's word for it.</param>
/// <param name="ApplicationData">Tag 9F10, in hexadecimal digits.</param>
/// <param name="Covered">The bytes of it that the cryptogram covers: start and length, in order.</param>
/// <param name="HasOwnKey">The cryptogram and the answer are under the card's own key: there is no session.</param>
/// <param name="MixesNumber">The session's key has the terminal's unpredictable number in it.</param>
/// <param name="IsMarked">The cryptogram's padding is 80 and zeros.</param>
/// <param name="AnswerIsByCard">The answer is under the card's key, whatever the cryptogram is under.</param>
/// <param name="Approval">What an approval says: a response code (method 1) or a card status update (method 2), in hexadecimal digits.</param>
/// <param name="Decline">What a decline says.</param>
/// <param name="IsTree">The session's key is a leaf of EMV 2000's tree.</param>
internal sealed record FrameworkChip(
    string Name,
    string Scheme,
    string ApplicationData,
    (int Start, int Length)[] Covered,
    bool HasOwnKey,
    bool MixesNumber,
    bool IsMarked,
    bool AnswerIsByCard,
    string Approval,
    string Decline,
    bool IsTree = false)
{
    private const uint UnpredictableNumber = 0x9A3B5C7D;

    // The height and branches with which M/Chip uses EMV 2000's tree.
    private const int Height = 8;
    private const int Branches = 4;

    /// <summary>Every profile.</summary>
    internal static IReadOnlyList<FrameworkChip> All { get; } =
    [
        new("Visa CVN 10", "visa", "06010A03A4B000", [(3, 4)], HasOwnKey: true, MixesNumber: false, IsMarked: false, AnswerIsByCard: true, "3030", "3035"),
        new("Visa CVN 18", "visa", "06011203A4B000", [(0, 7)], HasOwnKey: false, MixesNumber: false, IsMarked: true, AnswerIsByCard: false, "00820000", "00000000"),
        new("Visa CVN 22", "visa", "1F220103A4B000112233", [(0, 10)], HasOwnKey: false, MixesNumber: false, IsMarked: true, AnswerIsByCard: false, "00820000", "00000000"),
        new("M/Chip CVN 10", "mastercard", "0110A04003220000DAC1", [(2, 6)], HasOwnKey: false, MixesNumber: true, IsMarked: true, AnswerIsByCard: true, "0012", "9900"),
        new("M/Chip CVN 11", "mastercard", "0111A04003220000DAC10102030405060708", [(2, 6), (10, 8)], HasOwnKey: false, MixesNumber: true, IsMarked: true, AnswerIsByCard: true, "0012", "9900"),
        new("M/Chip CVN 14", "mastercard", "0114A04003220000DAC1", [(2, 6)], HasOwnKey: false, MixesNumber: false, IsMarked: true, AnswerIsByCard: false, "0012", "9900"),
        new("M/Chip CVN 15", "mastercard", "0115A04003220000DAC10102030405060708", [(2, 6), (10, 8)], HasOwnKey: false, MixesNumber: false, IsMarked: true, AnswerIsByCard: false, "0012", "9900"),
        new("M/Chip CVN 12", "mastercard", "0112A04003220000DAC1", [(2, 6)], HasOwnKey: false, MixesNumber: false, IsMarked: true, AnswerIsByCard: false, "0012", "9900", IsTree: true),
        new("M/Chip CVN 13", "mastercard", "0113A04003220000DAC10102030405060708", [(2, 6), (10, 8)], HasOwnKey: false, MixesNumber: false, IsMarked: true, AnswerIsByCard: false, "0012", "9900", IsTree: true),
        new("Interac 133", "interac", "0E018503A4B00011223344556677", [(0, 14)], HasOwnKey: false, MixesNumber: true, IsMarked: true, AnswerIsByCard: false, "3030", "3035"),
        new("CCD", "ccd", "0FA501A0400322000102030405060708" + "0F112233445566778899AABBCCDDEEFF", [(0, 32)], HasOwnKey: false, MixesNumber: false, IsMarked: true, AnswerIsByCard: false, "00820000", "00000000"),
    ];

    /// <summary>DE 55 of a transaction.</summary>
    /// <param name="pan">The card's, with sequence number 0.</param>
    /// <param name="counter">The chip's transaction counter.</param>
    /// <param name="asked">What the terminal told the chip.</param>
    internal byte[] IccData(string pan, ushort counter, Amount asked)
    {
        (string Tag, string Value)[] minimum =
        [
            ("9F02", asked.MinorUnits.ToString("D12", CultureInfo.InvariantCulture)), ("9F03", "000000000000"), ("9F1A", "0276"), ("95", "0000008000"),
            ("5F2A", asked.Currency.Numeric.ToString("D4", CultureInfo.InvariantCulture)), ("9A", "261121"), ("9C", "00"),
            ("9F37", UnpredictableNumber.ToString("X8", CultureInfo.InvariantCulture)), ("82", "3800"), ("9F36", counter.ToString("X4", CultureInfo.InvariantCulture)),
        ];
        var covered = string.Concat(minimum.Select(item => item.Value)) + string.Concat(Covered.Select(part => ApplicationData.Substring(2 * part.Start, 2 * part.Length)));
        var cryptogram = KeyOf(pan, counter).RetailMac(Convert.FromHexString(covered), IsMarked).ToString("X16", CultureInfo.InvariantCulture);
        var tags = minimum.Append(("9F10", ApplicationData)).Append(("9F27", "80")).Append(("9F26", cryptogram));
        return Convert.FromHexString(string.Concat(tags.Select(item => $"{item.Item1}{item.Item2.Length / 2:X2}{item.Item2}")));
    }

    /// <summary>DE 55 of the answer, as the chip expects it, in hexadecimal digits: tag 91 alone.</summary>
    internal string IssuerData(string pan, ushort counter, byte[] icc, bool isApproved)
    {
        var word = isApproved ? Approval : Decline;
        var cryptogram = BinaryPrimitives.ReadUInt64BigEndian(icc.AsSpan(^8..));
        var key = AnswerIsByCard ? CardKey(pan) : KeyOf(pan, counter);
        if (word.Length == 4)
        {
            var answer = key.Encrypt(cryptogram ^ ((ulong)ushort.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture) << 48));
            return $"910A{answer:X16}{word}";
        }

        byte[] covered = [.. icc.AsSpan(^8..), .. Convert.FromHexString(word)];
        return $"9108{key.RetailMac(covered, isMarked: true) >> 32:X8}{word}";
    }

    public override string ToString() => Name;

    private static FrameworkKey CardKey(string pan)
    {
        var seed = ulong.Parse(pan[^14..] + "00", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return FrameworkKey.Named(DemoKeys.Cryptograms).Derive(seed, ~seed);
    }

    /// <summary>The leaf of a counter, with the node two levels above added.</summary>
    private static FrameworkKey Leaf(FrameworkKey card, int counter)
    {
        var leaf = Node(card, Height, counter);
        var above = Node(card, Height - 2, counter / Branches / Branches);
        return new(leaf.Left ^ above.Left, leaf.Right ^ above.Right);
    }

    /// <summary>A node is made by its parent from its grandparent; the root is the card's key, and zeros are above it.</summary>
    private static (ulong Left, ulong Right) Node(FrameworkKey card, int level, int place)
    {
        if (level <= 0)
            return level == 0 ? card.Halves : default;
        var (left, right) = Node(card, level - 1, place / Branches);
        var parent = new FrameworkKey(left, right);
        var grandparent = Node(card, level - 2, place / Branches / Branches);
        var branch = (ulong)(place % Branches);
        return (parent.Encrypt(grandparent.Left ^ branch), parent.Encrypt(grandparent.Right ^ branch ^ 0xF0));
    }

    private FrameworkKey KeyOf(string pan, ushort counter)
    {
        var card = CardKey(pan);
        if (HasOwnKey)
            return card;
        if (IsTree)
            return Leaf(card, counter);
        var diversifier = ((ulong)counter << 48) | (MixesNumber ? UnpredictableNumber : 0);
        return card.Derive(diversifier | 0x0000_F000_0000_0000, diversifier | 0x0000_0F00_0000_0000);
    }
}
