using Processor.Iso8583;

namespace Processor.Bench;

/// <summary>The messages that are measured.</summary>
internal static class BenchMessages
{
    /// <summary>A chip purchase of 20 elements, DE 55 among them.</summary>
    public static Iso8583Message Purchase() => new(new Mti(0x0100))
    {
        [2] = "4761739001010010",
        [3] = "000000",
        [4] = "000000001050",
        [7] = "1121143005",
        [11] = "000123",
        [12] = "153005",
        [13] = "1121",
        [14] = "3112",
        [18] = "5411",
        [22] = "051",
        [23] = "001",
        [25] = "00",
        [32] = "12345",
        [35] = "4761739001010010=31122011234567890",
        [37] = "632515000123",
        [41] = "TERM0001",
        [42] = "MERCHANT0000001",
        [43] = "A SHOP                   WIEN         AT",
        [49] = "978",
        [55] = "9F2608A1B2C3D4E5F607189F2701809F10120110A00003220000000000000000000000FF9F37041A2B3C4D9F36020041"
            + "950500000080009A032611219C01009F02060000000010505F2A020978820239009F1A0202769F03060000000000009F3303E0F0C8"
            + "5F340101",
    };

    /// <summary>Its full reversal.</summary>
    public static Iso8583Message Reversal(Iso8583Message purchase, string stan)
    {
        var reversal = new Iso8583Message(new Mti(0x0400)) { [11] = stan, [90] = $"0100{purchase[11]}{purchase[7]}{purchase[32]!.PadLeft(11, '0')}00000000000" };
        foreach (var element in (int[])[2, 3, 4, 7, 12, 13, 14, 18, 22, 25, 32, 37, 41, 42, 43, 49])
            reversal[element] = purchase[element];
        return reversal;
    }
}
