using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Processor.Cards;

namespace Processor.Security;

/// <summary>A card of the demo program with its holder: makes what the right card, and the one who knows its PIN, would. For the network in
/// a box and for tests. Prints a mask.</summary>
/// <remarks>Its chip is one of Visa's CVN 18, with sequence number 0 and derivation key index 1.</remarks>
public sealed class DemoCard
{
    /// <summary>The service code of its tracks.</summary>
    public const ushort ServiceCode = 201;

    private const ushort ChipServiceCode = 999;
    private const int ValueLength = 3;
    private const int PinLength = 4;
    private const byte Arqc = 0x80;

    // Format 06, key index 01, CVN 18 (12), card verification results of four bytes.
    private static readonly byte[] ApplicationData = [0x06, 0x01, 0x12, 0x03, 0xA0, 0x00, 0x00];
    private static readonly Ibm3624Profile NaturalPin = new();

    private readonly byte[] digits;
    private readonly int expiry = int.Parse(DemoCards.Expiry, CultureInfo.InvariantCulture);
    private TripleDesKey valueKey = DemoKeys.Des(DemoKeys.CardValues);
    private readonly IccKeyOption keyOption;
    private readonly SessionMethod session;
    private readonly (ulong Left, ulong Right) chipBytes;
    private TripleDesKey chipKey;

    /// <summary>A card of <see cref="DemoCards"/>, or any other with its expiry.</summary>
    /// <param name="pan">Its PAN.</param>
    /// <param name="keyOption">How the chip's keys were derived.</param>
    /// <param name="session">How the chip makes the keys of its cryptograms.</param>
    public DemoCard(Pan pan, IccKeyOption keyOption = IccKeyOption.A, SessionMethod session = SessionMethod.Common)
    {
        (this.keyOption, this.session) = (keyOption, session);
        digits = new byte[pan.Length];
        pan.CopyDigits(digits);
        var issuerKey = DemoKeys.Des(DemoKeys.Cryptograms);
        chipBytes = IccKeys.Master(ref issuerKey, keyOption, digits, psn: 0);
        chipKey = new(chipBytes.Left, chipBytes.Right);
        var pinKey = DemoKeys.Des(DemoKeys.Pins);
        Pin = (PinValue.Natural(ref pinKey, digits, NaturalPin) >> (64 - (4 * PinLength))).ToString("X4", CultureInfo.InvariantCulture);
    }

    /// <summary>Four digits.</summary>
    public string Pin { get; }

    /// <summary>The CVV2, three digits.</summary>
    public string VerificationValue => Value(0);

    /// <summary>Track 2 of the stripe, with its CVV.</summary>
    public string Track2 => Track(ServiceCode);

    /// <summary>Track 2 as the chip tells it, with its iCVV.</summary>
    public string ChipTrack2 => Track(ChipServiceCode);

    /// <summary>A PIN block of format 0 under the network's key.</summary>
    /// <param name="pin">What the cardholder types: <see cref="Pin"/>, or something wrong.</param>
    /// <param name="zoneKey">The key as the network knows it; the demo's own when empty.</param>
    /// <exception cref="ArgumentException">Not a PIN.</exception>
    public byte[] PinBlock(string pin, ReadOnlySpan<byte> zoneKey = default)
    {
        if (!ClearPin.TryFrom(Encoding.ASCII.GetBytes(pin), out var clear))
            throw new ArgumentException("A PIN has 4 to 12 digits.", nameof(pin));
        var key = zoneKey.IsEmpty ? DemoKeys.Des(DemoKeys.ZonePins) : new TripleDesKey(zoneKey);
        var block = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(block, key.Encrypt(PinBlockCode.Encode(PinBlockFormat.Iso0, clear, PinBlockCode.PanField(digits), fill: 0)));
        return block;
    }

    /// <summary>A PIN block of format 1 under the demo's key for PINs, for a card whose PAN is not known yet. Its filling is not random: it is a demo's.</summary>
    /// <exception cref="ArgumentException">Not a PIN.</exception>
    public static byte[] PinBlockWithoutPan(string pin)
    {
        if (!ClearPin.TryFrom(Encoding.ASCII.GetBytes(pin), out var clear))
            throw new ArgumentException("A PIN has 4 to 12 digits.", nameof(pin));
        var key = DemoKeys.Des(DemoKeys.ZonePins);
        var block = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(block, key.Encrypt(PinBlockCode.Encode(PinBlockFormat.Iso1, clear, panField: 0, fill: 0x0123_4567_89AB_CDEF)));
        return block;
    }

    /// <summary>DE 55 of one transaction.</summary>
    /// <param name="counter">The chip's transaction counter.</param>
    /// <param name="amount">What the terminal tells the chip.</param>
    /// <param name="unpredictableNumber">The terminal's.</param>
    /// <param name="information">Tag 9F27: 0x80 asks, 0x40 tells of a transaction that is done.</param>
    public byte[] IccData(ushort counter, Amount amount, uint unpredictableNumber, byte information = Arqc)
    {
        var icc = new IccData();
        var tlv = new List<byte>();
        Span<byte> bytes = stackalloc byte[8];
        Set(0x9F02, Bcd(amount.MinorUnits, bytes[..6]));
        Set(0x9F03, Bcd(0, bytes[..6]));
        Set(0x9F1A, [0x02, 0x76]);
        Set(0x95, [0, 0, 0, 0x80, 0]);
        Set(0x5F2A, Bcd(amount.Currency.Numeric, bytes[..2]));
        Set(0x9A, [0x26, 0x11, 0x21]);
        Set(0x9C, [0]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, unpredictableNumber);
        Set(0x9F37, bytes[..4]);
        Set(0x82, [0x38, 0x00]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes, counter);
        Set(0x9F36, bytes[..2]);
        Set(0x9F10, ApplicationData);
        Set(0x9F27, [information]);
        Span<byte> data = stackalloc byte[Cryptogram.DataLengthMax];
        data = data[..Cryptogram.WriteData(ApplicationPart.Whole, in icc, data)];
        var key = SessionKey(counter, unpredictableNumber);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, RetailMac.Algorithm3(ref key, data, MacPadding.Method2));
        Set(0x9F26, bytes);
        return [.. tlv];

        void Set(int tag, ReadOnlySpan<byte> value)
        {
            icc.TrySet(tag, value);
            if (tag > byte.MaxValue)
                tlv.Add((byte)(tag >> 8));
            tlv.Add((byte)tag);
            tlv.Add((byte)value.Length);
            tlv.AddRange(value);
        }
    }

    /// <summary>What the chip would say to an answer: is it the issuer's, for this transaction?</summary>
    /// <param name="issuerData">DE 55 of the answer.</param>
    /// <param name="iccData">DE 55 of the request.</param>
    /// <param name="isApproved">What the answer tells the chip.</param>
    /// <returns>False also when the answer tells the chip nothing.</returns>
    public bool IsIssuer(ReadOnlySpan<byte> issuerData, ReadOnlySpan<byte> iccData, out bool isApproved)
    {
        // tag 91: ARPC(4) card status update(4)
        isApproved = false;
        if (issuerData.Length < 10 || issuerData[0] != 0x91 || issuerData[1] != 8 || Security.IccData.TryRead(iccData, out var icc) != IccStatus.Ok)
            return false;
        var arpc = BinaryPrimitives.ReadUInt32BigEndian(issuerData[2..]);
        var status = BinaryPrimitives.ReadUInt32BigEndian(issuerData[6..]);
        isApproved = (status & 0x0080_0000) != 0;
        var key = SessionKey(icc.Atc, icc.UnpredictableNumber);
        return Cryptogram.Arpc2(ref key, icc.Cryptogram, status, proprietary: 0, proprietaryLength: 0) == arpc;
    }

    /// <summary>The command that an answer has for the chip (tag 71 or 72), when its MAC is right for this transaction.</summary>
    /// <param name="issuerData">DE 55 of the answer.</param>
    /// <param name="iccData">DE 55 of the request.</param>
    /// <param name="command">CLA INS P1 P2 Lc, data and MAC; empty when the answer has none.</param>
    /// <returns>False for a command whose MAC is wrong, or that cannot be read.</returns>
    public bool TryReadCommand(ReadOnlySpan<byte> issuerData, ReadOnlySpan<byte> iccData, out byte[] command)
    {
        // 91(1) length(1) ..., 71 or 72(1) length(1) { 9F18(2) 04(1) number(4), 86(1) length(1) command }
        command = [];
        if (issuerData.Length < 2 || issuerData.Length <= 2 + issuerData[1])
            return true;
        var script = issuerData[(2 + issuerData[1])..];
        if (script.Length < 24 || script[0] is not (0x71 or 0x72) || script[1] != script.Length - 2 || script[9] != 0x86 || script[10] != script.Length - 11
            || Security.IccData.TryRead(iccData, out var icc) != IccStatus.Ok)
            return false;
        command = script[11..].ToArray();
        var issuerKey = DemoKeys.Des(DemoKeys.Integrity);
        var (left, right) = IccKeys.VisaMessaging(IccKeys.Master(ref issuerKey, keyOption, digits, psn: 0), icc.Atc);
        var key = new TripleDesKey(left, right);
        if (!EmvRules.TryGet(EmvProfile.VisaCvn18, out var rules))
            return false;
        var mac = SecureMessaging.Mac(ref key, rules, command.AsSpan(0, 5), icc.Atc, icc.Cryptogram, command.AsSpan(5..^8));
        return command[4] == command.Length - 5 && mac == BinaryPrimitives.ReadUInt64BigEndian(command.AsSpan(^8..));
    }

    /// <summary>Whether a command gives the chip that PIN.</summary>
    /// <param name="command">As <see cref="TryReadCommand"/> read it.</param>
    /// <param name="iccData">DE 55 of the request.</param>
    /// <param name="pin">4 to 12 digits.</param>
    public bool ChangesPin(ReadOnlySpan<byte> command, ReadOnlySpan<byte> iccData, string pin)
    {
        if (command.Length < 13 || !command[..4].SequenceEqual<byte>([0x84, 0x24, 0x00, 0x02]) || !ClearPin.TryFrom(Encoding.ASCII.GetBytes(pin), out var clear)
            || Security.IccData.TryRead(iccData, out var icc) != IccStatus.Ok)
            return false;
        var issuerKey = DemoKeys.Des(DemoKeys.Confidentiality);
        var (left, right) = IccKeys.VisaMessaging(IccKeys.Master(ref issuerKey, keyOption, digits, psn: 0), icc.Atc);
        var key = new TripleDesKey(left, right);
        Span<byte> block = stackalloc byte[8];
        Span<byte> cipher = stackalloc byte[24];
        BinaryPrimitives.WriteUInt64BigEndian(block, SecureMessaging.VisPinBlock(chipBytes.Left, clear, default));
        return command[5..^8].SequenceEqual(cipher[..SecureMessaging.Encrypt(ref key, MessagingCipher.Visa, block, cipher)]);
    }

    /// <inheritdoc/>
    public override string ToString() => "DemoCard ****";

    private TripleDesKey SessionKey(ushort counter, uint unpredictableNumber)
    {
        var (left, right) = Cryptogram.Session(ref chipKey, chipBytes, session, counter, unpredictableNumber);
        return new(left, right);
    }

    // PAN = YYMM service code, then PVKI(1) PVV(4) CVV(3).
    private string Track(ushort valueServiceCode) =>
        string.Create(CultureInfo.InvariantCulture, $"{Encoding.ASCII.GetString(digits)}={expiry:D4}{ServiceCode:D3}10000{Value(valueServiceCode)}");

    private string Value(ushort serviceCode)
    {
        Span<byte> data = stackalloc byte[Pan.LengthMax + 7];
        digits.CopyTo(data);
        var text = string.Create(CultureInfo.InvariantCulture, $"{expiry:D4}{serviceCode:D3}");
        Encoding.ASCII.GetBytes(text, data[digits.Length..]);
        return CardValue.Cvv(ref valueKey, data[..(digits.Length + text.Length)], ValueLength).ToString("D3", CultureInfo.InvariantCulture);
    }

    private static ReadOnlySpan<byte> Bcd(long number, Span<byte> target)
    {
        for (var index = target.Length - 1; index >= 0; index--)
        {
            target[index] = (byte)((number % 10) | (number / 10 % 10 << 4));
            number /= 100;
        }

        return target;
    }
}
