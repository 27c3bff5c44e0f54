using System.Globalization;
using System.Text;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Cli.Simulation;

/// <summary>A shop in Berlin with one terminal: it makes the messages that its acquirer sends.</summary>
/// <param name="trace">Numbers its requests.</param>
internal sealed class Merchant(TraceNumbers trace)
{
    /// <summary>DE 32 of its acquirer.</summary>
    public const string Acquirer = "501234";

    /// <summary>DE 41.</summary>
    public const string Terminal = "DEMO0001";

    // A later message about a transaction does not carry them again.
    private static readonly int[] Credentials = [35, 48, 52, 53, 55];

    private const string Euro = "978";

    /// <summary>A network management message, 0800, with its DE 70.</summary>
    public Iso8583Message Management(string informationCode) => new(Mti.Parse("0800"))
    {
        [7] = trace.Transmission(),
        [11] = trace.NextStan(),
        [70] = informationCode,
    };

    /// <summary>A request or advice about a card.</summary>
    /// <param name="mti">Such as 0100.</param>
    /// <param name="processingCode">DE 3.</param>
    /// <param name="pan">The card; a demo card's expiry goes with it.</param>
    /// <param name="minorUnits">The amount in cents.</param>
    public Iso8583Message Request(string mti, string processingCode, Pan pan, long minorUnits) => new(Mti.Parse(mti))
    {
        [2] = Digits(pan),
        [3] = processingCode,
        [4] = minorUnits.ToString("D12", CultureInfo.InvariantCulture),
        [7] = trace.Transmission(),
        [11] = trace.NextStan(),
        [12] = trace.LocalTime(),
        [13] = trace.LocalDate(),
        [14] = DemoCards.Expiry,
        [18] = "5411",
        [22] = "051",
        [25] = "00",
        [32] = Acquirer,
        [37] = trace.NextReference(),
        [41] = Terminal,
        [42] = "MERCHANT0000001",
        [43] = "Corner Shop              Berlin       DE",
        [49] = Euro,
    };

    /// <summary>Says in a request that the terminal takes an approval of less than it asked for.</summary>
    /// <exception cref="InvalidOperationException">The dialect has no such indicator.</exception>
    public static Iso8583Message AcceptingLess(Iso8583Message request, Dialect dialect)
    {
        var rule = dialect.PartialApproval
            ?? throw new InvalidOperationException($"Dialect {dialect.Name} has no indicator of partial approval.");
        char[] text = (request[rule.DataElement] ?? "").PadRight(rule.Position, '0').ToCharArray();
        text[rule.Position - 1] = (char)rule.Values[0];
        request[rule.DataElement] = new string(text);
        return request;
    }

    /// <summary>A message about an earlier one, which it names in DE 90 and by its DE 37 and DE 38.</summary>
    /// <param name="mti">Such as 0400 or 0220.</param>
    /// <param name="original">The request that it is about.</param>
    /// <param name="approvalCode">DE 38 of the original's answer; null leaves it out.</param>
    public Iso8583Message About(string mti, Iso8583Message original, string? approvalCode)
    {
        var message = original.Copy();
        message.Mti = Mti.Parse(mti);
        message[7] = trace.Transmission();
        message[11] = trace.NextStan();
        message[38] = approvalCode;
        foreach (var element in Credentials)
            message[element] = null;
        message[60] = null;
        message[90] = $"{original.Mti.ToOriginal()}{original[11]}{original[7]}{Acquirer.PadLeft(11, '0')}{new string('0', 11)}";
        return message;
    }

    /// <summary>DE 95 of a reversal that leaves so much of its original standing.</summary>
    public static string Remaining(long minorUnits) =>
        minorUnits.ToString("D12", CultureInfo.InvariantCulture) + new string('0', 30);

    private static string Digits(Pan pan)
    {
        byte[] ascii = new byte[Pan.LengthMax];
        return Encoding.ASCII.GetString(ascii, 0, pan.CopyDigits(ascii));
    }
}
