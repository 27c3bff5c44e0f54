using Processor.Cards;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Cli.Simulation;

/// <summary>Whoever holds the demo cards: puts credentials into a merchant's messages, right ones or wrong, and has the chip look at
/// the answer.</summary>
/// <param name="dialect">Says where CVV2 goes, and which elements there are.</param>
/// <param name="firstCounter">The chips' next transaction counter.</param>
internal sealed class Cardholder(Dialect dialect, int firstCounter)
{
    /// <summary>Transactions of a play at most.</summary>
    public const int CountersMax = 64;

    private const byte DoneOffline = 0x40;
    private const byte Asks = 0x80;

    private static readonly string[] Approvals = ["00", "10", "85"];

    private readonly Dictionary<Pan, DemoCard> cards = [];
    private int counter = firstCounter;

    /// <summary>The chip is read: DE 35 with iCVV, and DE 55 with a cryptogram of what is asked.</summary>
    public Iso8583Message InsertChip(Iso8583Message message, Pan pan, bool isRight = true)
    {
        var card = CardOf(pan);
        var amount = new Amount(long.Parse(message[4]!, System.Globalization.CultureInfo.InvariantCulture), Currency.Eur);
        var icc = card.IccData((ushort)counter++, amount, (uint)counter * 2654435761, message.Mti.IsAdvice ? DoneOffline : Asks);
        if (!isRight)
            icc[^1] ^= 0x01;
        message[22] = "051";
        message[23] = "000";
        message[35] = card.ChipTrack2;
        message[55] = Convert.ToHexString(icc);
        return message;
    }

    /// <summary>The stripe is read: DE 35 with CVV.</summary>
    public Iso8583Message Swipe(Iso8583Message message, Pan pan, bool isRight = true)
    {
        var track = CardOf(pan).Track2;
        message[22] = "901";
        message[35] = isRight ? track : track[..^3] + Other(track[^3..]);
        return message;
    }

    /// <summary>The card is keyed, with its CVV2 where the dialect has a place for it.</summary>
    public Iso8583Message TellValue(Iso8583Message message, Pan pan, bool isRight = true)
    {
        var value = CardOf(pan).VerificationValue;
        if (dialect.VerificationValue is not { Tag: { } tag } rule)
            throw new InvalidOperationException($"Dialect {dialect.Name} has no text with a CVV2.");
        message[22] = "012";
        message[rule.DataElement] = tag + "03" + (isRight ? value : Other(value));
        return message;
    }

    /// <summary>The PIN is typed: DE 52 under the network's key, DE 53 says how.</summary>
    public Iso8583Message TypePin(Iso8583Message message, Pan pan, bool isRight = true)
    {
        var card = CardOf(pan);
        message[52] = Convert.ToHexString(card.PinBlock(isRight ? card.Pin : Other(card.Pin)));
        message[53] = "2001010100000000";
        return message;
    }

    /// <summary>The chip's judgement of an answer; null when it is content, as it also is where there was no cryptogram.</summary>
    public string? Judge(Iso8583Message request, Iso8583Message response)
    {
        if (request[55] is not { } icc || request[2] is not { } pan || response[39] is not { } code)
            return null;
        if (response[55] is not { } issuerData)
            return "DE55: the chip is told nothing";
        if (!CardOf(pan).IsIssuer(Convert.FromHexString(issuerData), Convert.FromHexString(icc), out var isApproved))
            return "DE55: the chip does not know its issuer (ARPC)";
        if (!CardOf(pan).TryReadCommand(Convert.FromHexString(issuerData), Convert.FromHexString(icc), out _))
            return "DE55: the chip refuses its command (MAC)";
        return isApproved == Approvals.Contains(code) ? null : "DE55: the chip is told another answer than DE39";
    }

    /// <summary>Other digits, one for one.</summary>
    internal static string Other(string digits) => new(digits.Select(digit => (char)('0' + ((digit - '0' + 1) % 10))).ToArray());

    private DemoCard CardOf(string pan) => CardOf(Pan.TryFromDigits(System.Text.Encoding.ASCII.GetBytes(pan), out var read) ? read : default);

    private DemoCard CardOf(Pan pan)
    {
        if (!cards.TryGetValue(pan, out var card))
            cards[pan] = card = new DemoCard(pan);
        return card;
    }
}
