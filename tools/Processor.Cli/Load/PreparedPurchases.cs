using Processor.Cards;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Cli.Load;

/// <summary>Credentials of one connection's purchases, made before the run so that making them takes no time from it. Not for several threads at once.</summary>
internal sealed class PreparedPurchases
{
    /// <summary>One answer of so many has its ARPC looked at.</summary>
    private const int SampleEvery = 64;

    private readonly PreparedCard[] cards;
    private readonly int[] cardOf;
    private readonly int[] minorUnits;
    private readonly CardEntry[] entries;
    private readonly WrongCredential[] wrongs;
    private readonly byte[] iccData;
    private readonly int iccLength;
    private readonly byte[] answer = new byte[128];
    private readonly int step;
    private readonly int firstCard;
    private int next;
    private int answers;

    /// <param name="plan">What the run sends.</param>
    /// <param name="connection">Index of the connection; it has cards of its own, so that their counters come in order.</param>
    /// <exception cref="FormatException">The dialect has no place for a credential.</exception>
    public PreparedPurchases(LoadPlan plan, int connection)
    {
        var count = plan.ChipsOf(connection);
        var dice = new Random(plan.Seed + connection);
        (firstCard, step) = (connection, plan.Connections);
        var own = (plan.Cards.Count - connection + step - 1) / step;
        cards = new PreparedCard[own];
        for (var index = 0; index < own; index++)
            cards[index] = new(new DemoCard(PanOf(plan, firstCard + (index * step))), plan.Endpoint.Dialect);

        cardOf = new int[count];
        minorUnits = new int[count];
        entries = new CardEntry[count];
        wrongs = new WrongCredential[count];
        iccLength = cards[0].Card.IccData(counter: 1, new(0, Currency.Eur), unpredictableNumber: 0).Length;
        iccData = new byte[count * iccLength];
        for (var index = 0; index < count; index++)
        {
            cardOf[index] = index % own;
            minorUnits[index] = (int)dice.NextInt64(plan.MinorUnitsMin, plan.MinorUnitsMax + 1);
            entries[index] = plan.Entries.Choose(dice);
            var unpredictableNumber = (uint)dice.Next();
            wrongs[index] = dice.NextDouble() < plan.WrongShare ? Spoil(entries[index], cards[cardOf[index]], dice) : WrongCredential.None;
            Prepare(index, (ushort)(plan.FirstCounter + (index / own)), unpredictableNumber);
        }
    }

    /// <summary>Answers that a chip looked at.</summary>
    public long Judged { get; private set; }

    /// <summary>Of them, those whose chip did not know its issuer.</summary>
    public long Unknown { get; private set; }

    /// <summary>Answers to purchases with a wrong credential.</summary>
    public long WrongAnswered { get; private set; }

    /// <summary>Of them, those that were approved.</summary>
    public long WrongApproved { get; private set; }

    /// <summary>Puts what a card presents into a template's message: all are as long.</summary>
    public void Fill(Iso8583Message message, CardEntry entry)
    {
        cards[0].Fill(message, entry);
        if (HasChip(entry))
            message[55] = Convert.ToHexString(iccData.AsSpan(0, iccLength));
    }

    /// <summary>Takes the next one. After the last comes the first again, whose counter is used up.</summary>
    /// <returns>Its index, its card in the plan's list and its amount.</returns>
    public (int Index, int Card, int MinorUnits) Take()
    {
        var index = next;
        next = index + 1 == cardOf.Length ? 0 : index + 1;
        return (index, firstCard + (cardOf[index] * step), minorUnits[index]);
    }

    /// <summary>How the card of one is presented.</summary>
    public CardEntry EntryOf(int index) => entries[index];

    /// <summary>Which credential of one is wrong.</summary>
    public WrongCredential WrongOf(int index) => wrongs[index];

    /// <summary>Writes the credentials of one over those of a template.</summary>
    public void Write(int index, Span<byte> message, in CredentialPlaces places)
    {
        var card = cards[cardOf[index]];
        var wrong = wrongs[index];
        var hasRightTrack = wrong != WrongCredential.TrackValue;
        switch (entries[index])
        {
            case CardEntry.Keyed:
                card.Value(wrong != WrongCredential.VerificationValue).CopyTo(message[places.Value]);
                return;
            case CardEntry.Stripe:
                card.StripeTrack(hasRightTrack).CopyTo(message[places.Track]);
                return;
            case CardEntry.Pin:
                card.Pin(wrong != WrongCredential.Pin).CopyTo(message[places.Pin]);
                break;
        }

        card.ChipTrack(hasRightTrack).CopyTo(message[places.Track]);
        iccData.AsSpan(index * iccLength, iccLength).CopyTo(message[places.Icc]);
    }

    /// <summary>Looks at an answer: whether what was wrong is declined and, now and then, whether the chip knows its issuer.</summary>
    public void Judge(int index, ReadOnlySpan<byte> code, in MessageView view)
    {
        if (wrongs[index] != WrongCredential.None)
        {
            WrongAnswered++;
            WrongApproved += code.SequenceEqual("00"u8) || code.SequenceEqual("10"u8) ? 1 : 0;
        }

        if (!HasChip(entries[index]) || wrongs[index] == WrongCredential.Cryptogram || answers++ % SampleEvery != 0)
            return;
        Judged++;
        var isKnown = view.TryGetBinary(55, answer, out var length)
            && cards[cardOf[index]].Card.IsIssuer(answer.AsSpan(0, length), iccData.AsSpan(index * iccLength, iccLength), out _);
        Unknown += isKnown ? 0 : 1;
    }

    private static bool HasChip(CardEntry entry) => entry is CardEntry.Chip or CardEntry.Pin;

    /// <summary>Chooses what is wrong. A wrong PIN has a right one of its card before it, so that no card is blocked by a load.</summary>
    private static WrongCredential Spoil(CardEntry entry, PreparedCard card, Random dice)
    {
        switch (entry)
        {
            case CardEntry.Stripe:
                return WrongCredential.TrackValue;
            case CardEntry.Keyed:
                return WrongCredential.VerificationValue;
            case CardEntry.Pin when card.MayMistype:
                return WrongCredential.Pin;
            default:
                return dice.Next(2) == 0 ? WrongCredential.Cryptogram : WrongCredential.TrackValue;
        }
    }

    /// <summary>Makes everything of one, so that a run only copies.</summary>
    private void Prepare(int index, ushort counter, uint unpredictableNumber)
    {
        var card = cards[cardOf[index]];
        var wrong = wrongs[index];
        switch (entries[index])
        {
            case CardEntry.Keyed:
                card.Value(wrong == WrongCredential.None);
                return;
            case CardEntry.Stripe:
                card.StripeTrack(wrong == WrongCredential.None);
                return;
            case CardEntry.Pin:
                // Beside another wrong credential the PIN does not count.
                card.Pin(wrong != WrongCredential.Pin);
                card.MayMistype = wrong == WrongCredential.None || (card.MayMistype && wrong != WrongCredential.Pin);
                break;
        }

        card.ChipTrack(wrong != WrongCredential.TrackValue);
        var icc = card.Card.IccData(counter, new(minorUnits[index], Currency.Eur), unpredictableNumber);
        icc[^1] ^= (byte)(wrong == WrongCredential.Cryptogram ? 1 : 0);
        icc.CopyTo(iccData, index * iccLength);
    }

    private static Pan PanOf(LoadPlan plan, int card)
    {
        var length = plan.Cards.PanLengthOf(card);
        var text = plan.Cards.PanOf(card).ToString($"D{length}", System.Globalization.CultureInfo.InvariantCulture);
        return Pan.TryFromDigits(System.Text.Encoding.ASCII.GetBytes(text), out var pan) ? pan : throw new FormatException("A card has no PAN.");
    }
}
