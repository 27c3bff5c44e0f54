using Processor.Cards;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Cli.Load;

/// <summary>Chip data of one connection's purchases, made before the run so that making it takes no time from it. Not for several threads at once.</summary>
internal sealed class PreparedChips
{
    /// <summary>One answer of so many has its ARPC looked at.</summary>
    private const int SampleEvery = 64;

    private readonly DemoCard[] cards;
    private readonly byte[][] tracks;
    private readonly int[] cardOf;
    private readonly int[] minorUnits;
    private readonly bool[] isWrong;
    private readonly byte[] iccData;
    private readonly int iccLength;
    private readonly byte[] answer = new byte[128];
    private readonly int step;
    private readonly int firstCard;
    private int next;
    private int answers;

    /// <param name="plan">What the run sends.</param>
    /// <param name="connection">Index of the connection; it has cards of its own, so that their counters come in order.</param>
    public PreparedChips(LoadPlan plan, int connection)
    {
        var count = plan.ChipsOf(connection);
        var dice = new Random(plan.Seed + connection);
        (firstCard, step) = (connection, plan.Connections);
        var own = (plan.Cards.Count - connection + step - 1) / step;
        cards = new DemoCard[own];
        tracks = new byte[own][];
        for (var index = 0; index < own; index++)
        {
            cards[index] = new DemoCard(PanOf(plan, firstCard + (index * step)));
            tracks[index] = Encode(plan.Endpoint.Dialect, cards[index].ChipTrack2);
        }

        cardOf = new int[count];
        minorUnits = new int[count];
        isWrong = new bool[count];
        iccLength = cards[0].IccData(counter: 1, new(0, Currency.Eur), unpredictableNumber: 0).Length;
        iccData = new byte[count * iccLength];
        for (var index = 0; index < count; index++)
        {
            cardOf[index] = index % own;
            minorUnits[index] = (int)dice.NextInt64(plan.MinorUnitsMin, plan.MinorUnitsMax + 1);
            var counter = (ushort)(plan.FirstCounter + (index / own));
            var icc = cards[cardOf[index]].IccData(counter, new(minorUnits[index], Currency.Eur), (uint)dice.Next());
            isWrong[index] = dice.NextDouble() < plan.WrongShare;
            icc[^1] ^= (byte)(isWrong[index] ? 1 : 0);
            icc.CopyTo(iccData, index * iccLength);
        }
    }

    /// <summary>Answers that were looked at.</summary>
    public long Judged { get; private set; }

    /// <summary>Of them, those whose chip did not know its issuer.</summary>
    public long Unknown { get; private set; }

    /// <summary>DE 55 of the first purchase, for templates: all are as long.</summary>
    public string IccText => Convert.ToHexString(iccData.AsSpan(0, iccLength));

    /// <summary>DE 35 of the first card, for templates.</summary>
    public string TrackText => cards[0].ChipTrack2;

    /// <summary>Takes the next one. After the last comes the first again, whose counter is used up.</summary>
    /// <returns>Its index, its card in the plan's list and its amount.</returns>
    public (int Index, int Card, int MinorUnits) Take()
    {
        var index = next;
        next = index + 1 == cardOf.Length ? 0 : index + 1;
        return (index, firstCard + (cardOf[index] * step), minorUnits[index]);
    }

    /// <summary>Writes DE 35 and DE 55 of one over those of a template.</summary>
    public void Write(int index, Span<byte> track, Span<byte> icc)
    {
        tracks[cardOf[index]].CopyTo(track);
        iccData.AsSpan(index * iccLength, iccLength).CopyTo(icc);
    }

    /// <summary>Has the chip look at an answer, now and then.</summary>
    public void Judge(int index, in MessageView view)
    {
        if (isWrong[index] || answers++ % SampleEvery != 0)
            return;
        Judged++;
        var isKnown = view.TryGetBinary(55, answer, out var length)
            && cards[cardOf[index]].IsIssuer(answer.AsSpan(0, length), iccData.AsSpan(index * iccLength, iccLength), out _);
        Unknown += isKnown ? 0 : 1;
    }

    private static byte[] Encode(Dialect dialect, string track)
    {
        var frame = new Iso8583Message(Mti.Parse("0100")) { [35] = track }.ToBytes(dialect);
        var layout = new MessageLayout();
        if (dialect.TryParse(frame, layout) != ParseStatus.Parsed)
            throw new FormatException(layout.Error.ToString());
        return frame.AsSpan(layout.OffsetOf(35), layout.LengthOf(35)).ToArray();
    }

    private static Pan PanOf(LoadPlan plan, int card)
    {
        var length = plan.Cards.PanLengthOf(card);
        var text = plan.Cards.PanOf(card).ToString($"D{length}", System.Globalization.CultureInfo.InvariantCulture);
        return Pan.TryFromDigits(System.Text.Encoding.ASCII.GetBytes(text), out var pan) ? pan : throw new FormatException("A card has no PAN.");
    }
}
