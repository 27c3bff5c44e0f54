using Processor.Iso8583;

namespace Processor.Switch.Tests;

/// <summary>Messages as a network sends them.</summary>
internal static class Messages
{
    public const string Pan = "4761739001010010";

    public static Iso8583Message Echo(string stan = "000001") => NetworkManagement("301", stan);

    public static Iso8583Message NetworkManagement(string code, string stan = "000001") =>
        new(Mti.Parse("0800")) { [7] = "0601120000", [11] = stan, [70] = code };

    /// <summary>A purchase of 10.50 EUR by default; other messages take what they need of it.</summary>
    public static Iso8583Message Purchase(string mti = "0100", string stan = "000001", string pan = Pan)
    {
        var message = new Iso8583Message(Mti.Parse(mti))
        {
            [2] = pan,
            [3] = "000000",
            [4] = "000000001050",
            [7] = "0601120000",
            [11] = stan,
            [12] = "140000",
            [13] = "0601",
            [14] = "3112",
            [18] = "5411",
            [22] = "051",
            [25] = "00",
            [32] = "12345",
            [37] = "615212" + stan,
            [41] = "TERM0001",
            [42] = "MERCHANT0000001",
            [43] = "Corner shop              Berlin       DE",
            [49] = "978",
        };
        if (message.Mti.Class == MtiClass.Reversal)
            message[90] = "0100" + stan + "0601120000" + "00000012345" + "00000000000";
        return message;
    }

    /// <summary>The PAN moves from DE 2 into a track 2.</summary>
    public static Iso8583Message WithTrack2(Iso8583Message message, string expiry = "3112")
    {
        message[35] = message[2] + "=" + expiry + "2010000000123";
        message[2] = null;
        return message;
    }
}
