using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Processor.Cards;
using Processor.Security;

namespace Processor.Authorization;

/// <summary>The credentials of one message, from the wire to the security module, and what the chip is told. Pooled with its message;
/// <see cref="Clear"/> leaves nothing. Prints a mask.</summary>
public sealed class PresentedCredentials
{
    private const int DiscretionaryMax = 32;
    private const int ExpiryLength = 4;
    private const int ServiceCodeLength = 3;

    // tag 91(1) length(1) value(8..16)
    private const byte IssuerAuthenticationTag = 0x91;

    private Discretionary discretionary;
    private int discretionaryLength;
    private SecretDigits value;
    private PinBlock pin;
    private IccData icc;

    // 71 or 72(1) length(1) { 9F18(2) length(1) order(4), 86(1) length(1) command }
    private const ushort ScriptIdentifierTag = 0x9F18;
    private const byte ScriptCommandTag = 0x86;
    private const int ScriptOverhead = 2 + 7 + 2;
    private const int ScriptResultLength = 5;

    /// <summary>The most bytes of <see cref="WriteIssuerData"/>.</summary>
    public const int IssuerDataLengthMax =
        2 + IssuerAuthentication.LengthMax + ScriptOverhead + ScriptPlan.HeaderLength + ScriptOrder.DataLengthMax + ScriptPlan.MacLength;

    /// <summary>True when anything came that could be checked.</summary>
    public bool HasAny => HasValue || HasTrack || HasPin || HasIcc;

    /// <summary>The card's PAN.</summary>
    public Pan Pan { get; set; }

    /// <summary>DE 23, or the chip's; −1 when the message names none.</summary>
    public int SequenceNumber { get; set; } = -1;

    internal bool HasValue { get; private set; }

    internal bool HasTrack { get; private set; }

    internal bool HasPin { get; private set; }

    internal bool HasIcc { get; private set; }

    internal ref readonly SecretDigits Value => ref value;

    internal Pan TrackPan { get; private set; }

    internal ushort TrackExpiry { get; private set; }

    /// <summary>Three digits of the track; −1 when there are none.</summary>
    internal int ServiceCode { get; private set; } = -1;

    internal ReadOnlySpan<byte> DiscretionaryData => ((ReadOnlySpan<byte>)discretionary)[..discretionaryLength];

    internal ref readonly PinBlock Pin => ref pin;

    internal PinBlockFormat PinFormat { get; private set; }

    internal KeyRef ZoneKey { get; private set; }

    internal ref readonly IccData Icc => ref icc;

    internal IccStatus IccStatus { get; private set; }

    internal IssuerAuthentication Approval { get; set; }

    internal IssuerAuthentication Decline { get; set; }

    /// <summary>The command at hand for the chip, with its MAC; empty for none.</summary>
    internal ReadOnlyMemory<byte> Script { get; set; }

    /// <summary>The order that it is of.</summary>
    internal ScriptPlan? ScriptPlan { get; set; }

    /// <summary>Number of the last order of which the chip tells; 0 for none.</summary>
    internal int ScriptResultNumber { get; private set; }

    /// <summary>What it tells.</summary>
    internal byte ScriptResult { get; private set; }

    /// <summary>Takes a CVV2. What is not digits is kept as unreadable.</summary>
    public void SetVerificationValue(ReadOnlySpan<byte> ascii)
    {
        HasValue = true;
        SecretDigits.TryFromDigits(ascii, out value);
    }

    /// <summary>Takes track 2: PAN, a separator, YYMM, service code, discretionary data.</summary>
    public void SetTrack2(ReadOnlySpan<byte> ascii)
    {
        HasTrack = true;
        var end = ascii.IndexOfAny((byte)'=', (byte)'D');
        if (end < 0)
            return;
        TakePan(ascii[..end]);
        TakeRest(ascii[(end + 1)..]);
    }

    /// <summary>Takes track 1: B, PAN, ^, name, ^, YYMM, service code, discretionary data.</summary>
    public void SetTrack1(ReadOnlySpan<byte> ascii)
    {
        HasTrack = true;
        if (ascii.StartsWith("%"u8))
            ascii = ascii[1..];
        var end = ascii.IndexOf((byte)'^');
        if (end < 1 || ascii[0] != (byte)'B')
            return;
        TakePan(ascii[1..end]);
        var name = ascii[(end + 1)..].IndexOf((byte)'^');
        if (name >= 0)
            TakeRest(ascii[(end + name + 2)..]);
    }

    /// <summary>Takes a PIN block.</summary>
    /// <param name="block">DE 52. What is not 8 or 16 bytes is kept as unreadable.</param>
    /// <param name="format">Its format by ISO 9564-1, as the endpoint or DE 53 says.</param>
    /// <param name="zoneKey">The link's key for PINs; empty when it has none.</param>
    public void SetPin(ReadOnlySpan<byte> block, int format, string zoneKey)
    {
        HasPin = true;
        PinBlock.TryFrom(block, out pin);
        PinFormat = (PinBlockFormat)format;
        ZoneKey = new(zoneKey);
    }

    /// <summary>Takes the chip's data.</summary>
    /// <param name="tlv">DE 55.</param>
    public void SetIcc(ReadOnlySpan<byte> tlv)
    {
        HasIcc = true;
        IccStatus = IccData.TryRead(tlv, out icc);
    }

    /// <summary>Takes what the chip tells of commands that it got.</summary>
    /// <param name="results">Tag 9F5B. What is no results is passed over.</param>
    public void SetScriptResults(ReadOnlySpan<byte> results)
    {
        // EMV Book 4 annex A5, for each: result and place of the command(1) identifier as in 9F18(4)
        for (; results.Length >= ScriptResultLength; results = results[ScriptResultLength..])
        {
            var number = BinaryPrimitives.ReadInt32BigEndian(results[1..]);
            if (number > 0)
                (ScriptResultNumber, ScriptResult) = (number, results[0]);
        }
    }

    /// <summary>Writes what the chip is told, when the cryptogram was right: tag 91, and a command in tag 71 or 72.</summary>
    /// <param name="isApproved">What the answer says.</param>
    /// <param name="hasScript">Whether the command at hand goes with it.</param>
    /// <param name="target">Room for <see cref="IssuerDataLengthMax"/> bytes.</param>
    /// <returns>Bytes written; 0 when the chip is told nothing.</returns>
    public int WriteIssuerData(bool isApproved, bool hasScript, Span<byte> target)
    {
        var authentication = isApproved ? Approval : Decline;
        if (authentication.Length == 0)
            return 0;
        target[0] = IssuerAuthenticationTag;
        target[1] = (byte)authentication.Length;
        var length = 2 + authentication.CopyTo(target[2..]);
        return hasScript && ScriptPlan is { } plan ? length + WriteScript(plan, Script.Span, target[length..]) : length;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Pan = default;
        SequenceNumber = -1;
        HasValue = HasTrack = HasPin = HasIcc = false;
        value = default;
        TrackPan = default;
        TrackExpiry = 0;
        ServiceCode = -1;
        discretionary = default;
        discretionaryLength = 0;
        pin = default;
        PinFormat = default;
        ZoneKey = default;
        icc = default;
        IccStatus = default;
        Approval = default;
        Decline = default;
        Script = default;
        ScriptPlan = null;
        ScriptResultNumber = 0;
        ScriptResult = 0;
    }

    /// <inheritdoc/>
    public override string ToString() => "PresentedCredentials ****";

    private static int WriteScript(ScriptPlan plan, ReadOnlySpan<byte> command, Span<byte> target)
    {
        target[0] = plan.Template;
        target[1] = (byte)(ScriptOverhead - 2 + command.Length);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], ScriptIdentifierTag);
        target[4] = sizeof(int);
        BinaryPrimitives.WriteInt32BigEndian(target[5..], plan.Number);
        target[9] = ScriptCommandTag;
        target[10] = (byte)command.Length;
        command.CopyTo(target[ScriptOverhead..]);
        return ScriptOverhead + command.Length;
    }

    private void TakePan(ReadOnlySpan<byte> ascii)
    {
        if (Pan.TryFromDigits(ascii, out var read))
            TrackPan = read;
    }

    private void TakeRest(ReadOnlySpan<byte> ascii)
    {
        if (!TryReadNumber(ascii, ExpiryLength, out var expiry))
            return;
        TrackExpiry = (ushort)expiry;
        ascii = ascii[ExpiryLength..];
        if (!TryReadNumber(ascii, ServiceCodeLength, out var service))
            return;
        ServiceCode = service;
        ascii = ascii[ServiceCodeLength..];
        foreach (var item in ascii)
        {
            if (discretionaryLength == DiscretionaryMax || !char.IsAsciiDigit((char)item))
                break;
            discretionary[discretionaryLength++] = item;
        }
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> ascii, int length, out int number)
    {
        number = 0;
        if (ascii.Length < length)
            return false;
        foreach (var digit in ascii[..length])
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            number = (number * 10) + (digit - '0');
        }

        return true;
    }

    [InlineArray(DiscretionaryMax)]
    private struct Discretionary
    {
        private byte first;
    }
}
