using Processor.Cli.Simulation;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Cli.Load;

/// <summary>A card's credentials, right and wrong, as a dialect writes them. Made when they are first asked for; not for several threads at once.</summary>
internal sealed class PreparedCard(DemoCard card, Dialect dialect)
{
    private const int WaysEach = 2;

    // Each right and wrong.
    private readonly byte[]?[] chipTracks = new byte[]?[WaysEach];
    private readonly byte[]?[] stripeTracks = new byte[]?[WaysEach];
    private readonly byte[]?[] values = new byte[]?[WaysEach];
    private readonly byte[]?[] pins = new byte[]?[WaysEach];

    /// <summary>The card.</summary>
    public DemoCard Card => card;

    /// <summary>True after a right PIN: then one that is wrong leaves tries enough, whatever other runs left and in whatever order the two arrive.</summary>
    public bool MayMistype { get; set; }

    /// <summary>DE 35 of a chip, with its iCVV.</summary>
    public ReadOnlySpan<byte> ChipTrack(bool isRight) => chipTracks[Way(isRight)] ??= Encode(35, Track(card.ChipTrack2, isRight));

    /// <summary>DE 35 of the stripe, with its CVV.</summary>
    public ReadOnlySpan<byte> StripeTrack(bool isRight) => stripeTracks[Way(isRight)] ??= Encode(35, Track(card.Track2, isRight));

    /// <summary>The element with the CVV2.</summary>
    /// <exception cref="FormatException">The dialect has no text with one.</exception>
    public ReadOnlySpan<byte> Value(bool isRight) => values[Way(isRight)] ??= Encode(ValueElementOf(dialect), ValueText(isRight));

    /// <summary>DE 52 under the network's key, of format 0.</summary>
    public ReadOnlySpan<byte> Pin(bool isRight) => pins[Way(isRight)] ??= Encode(52, PinText(isRight));

    /// <summary>Puts what a card presents into a template's message, right and without a cryptogram.</summary>
    public void Fill(Iso8583Message message, CardEntry entry)
    {
        message[22] = entry switch { CardEntry.Stripe => "901", CardEntry.Keyed => "012", _ => "051" };
        if (entry == CardEntry.Keyed)
        {
            message[ValueElementOf(dialect)] = ValueText(isRight: true);
            return;
        }

        message[35] = entry == CardEntry.Stripe ? card.Track2 : card.ChipTrack2;
        if (entry != CardEntry.Pin)
            return;
        message[52] = PinText(isRight: true);
        message[53] = "2001010100000000";
    }

    private static int ValueElementOf(Dialect dialect) => dialect.VerificationValue is { Tag: not null } rule
        ? rule.DataElement
        : throw new FormatException($"Dialect {dialect.Name} has no text with a CVV2.");

    private static string Track(string right, bool isRight) => isRight ? right : right[..^3] + Cardholder.Other(right[^3..]);

    private string ValueText(bool isRight) =>
        dialect.VerificationValue!.Tag + "03" + (isRight ? card.VerificationValue : Cardholder.Other(card.VerificationValue));

    private string PinText(bool isRight) => Convert.ToHexString(card.PinBlock(isRight ? card.Pin : Cardholder.Other(card.Pin)));

    private static int Way(bool isRight) => isRight ? 1 : 0;

    private byte[] Encode(int element, string text)
    {
        var frame = new Iso8583Message(Mti.Parse("0100")) { [element] = text }.ToBytes(dialect);
        var layout = new MessageLayout();
        if (dialect.TryParse(frame, layout) != ParseStatus.Parsed)
            throw new FormatException(layout.Error.ToString());
        return frame.AsSpan(layout.OffsetOf(element), layout.LengthOf(element)).ToArray();
    }
}
