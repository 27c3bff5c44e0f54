using System.Globalization;
using System.Text;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.EndToEnd.Tests;

/// <summary>A shop with one terminal: it makes the messages that its acquirer sends. Not for two threads.</summary>
/// <param name="number">Tells it from other shops: 0 to 999.</param>
internal sealed class Shop(int number)
{
    internal const string Purchasing = "000000";
    internal const string Inquiring = "310000";

    private const string Acquirer = "501234";
    private const string Euro = "978";
    private const int StansEach = 1000;

    // One moment for all: what tells messages apart is their STAN.
    private static readonly string Transmission = TimeProvider.System.GetUtcNow().ToString("MMddHHmmss", CultureInfo.InvariantCulture);

    private int stans;

    /// <summary>An echo, a sign-on or a sign-off by its DE 70.</summary>
    internal Iso8583Message Management(string informationCode) => new(Mti.Parse("0800"))
    {
        [7] = Transmission,
        [11] = NextStan(),
        [70] = informationCode,
    };

    /// <summary>A request about a card, with an amount in cents.</summary>
    internal Iso8583Message Request(string mti, string processingCode, Pan pan, long minorUnits)
    {
        var stan = NextStan();
        return new Iso8583Message(Mti.Parse(mti))
        {
            [2] = Digits(pan),
            [3] = processingCode,
            [4] = minorUnits.ToString("D12", CultureInfo.InvariantCulture),
            [7] = Transmission,
            [11] = stan,
            [14] = DemoCards.Expiry,
            [18] = "5411",
            [22] = "051",
            [32] = Acquirer,
            [37] = "770000" + stan,
            [41] = "SHOP0" + number.ToString("D3", CultureInfo.InvariantCulture),
            [42] = "MERCHANT0000001",
            [43] = "Corner Shop              Berlin       DE",
            [49] = Euro,
        };
    }

    /// <summary>A request that takes less than it asks for.</summary>
    internal Iso8583Message RequestAcceptingLess(Pan pan, long minorUnits)
    {
        var request = Request("0100", Purchasing, pan, minorUnits);
        request[60] = "0000000001";
        return request;
    }

    /// <summary>A reversal of a request, all of it or down to an amount that remains.</summary>
    internal Iso8583Message Reversal(Iso8583Message original, string? approvalCode, long remaining)
    {
        var reversal = original.Copy();
        reversal.Mti = Mti.Parse("0400");
        reversal[11] = NextStan();
        reversal[38] = approvalCode;
        reversal[60] = null;
        reversal[90] = $"{original.Mti}{original[11]}{original[7]}{Acquirer.PadLeft(11, '0')}{new string('0', 11)}";
        if (remaining > 0)
            reversal[95] = remaining.ToString("D12", CultureInfo.InvariantCulture) + new string('0', 30);
        return reversal;
    }

    private string NextStan()
    {
        if (++stans >= StansEach)
            throw new InvalidOperationException("The shop has used its numbers.");
        return ((number * StansEach) + stans).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static string Digits(Pan pan)
    {
        var ascii = new byte[Pan.LengthMax];
        return Encoding.ASCII.GetString(ascii, 0, pan.CopyDigits(ascii));
    }
}
