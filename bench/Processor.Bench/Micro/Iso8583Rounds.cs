using System.Diagnostics;

namespace Processor.Bench;

/// <summary>
/// <see cref="Iso8583Benchmarks"/> a second way: all take turns in short rounds, and the best round of each counts, so that a
/// machine that is slower for some minutes, or a neighbour, is the same for both sides of a ratio.
/// </summary>
internal static class Iso8583Rounds
{
    private const string Group = "Micro: Iso8583, best of rounds";
    private const int Calls = 100_000;
    private const int CallsQuick = 1_000;
    private const int Rounds = 25;

    public static void Measure(FigureSheet sheet, BenchOptions options)
    {
        var all = new Iso8583Benchmarks();
        all.Setup();
        (string Name, Func<int> Call, string To)[] measured =
        [
            ("HandWrittenParseAscii", () => all.HandWritten() ? 1 : 0, ""),
            ("ParseAsciiRound", () => (int)all.ParseAscii(), "HandWrittenParseAscii"),
            ("HandWrittenParseBinary", () => all.HandWrittenBinary() ? 1 : 0, ""),
            ("ParseBinaryRound", () => (int)all.ParseBinary(), "HandWrittenParseBinary"),
            ("HandWrittenReplyAscii", all.HandWrittenAndReply, ""),
            ("ReplyAsciiRound", all.ParseAndReplyAscii, "HandWrittenReplyAscii"),
            ("HandWrittenReplyBinary", all.HandWrittenBinaryAndReply, ""),
            ("ReplyBinaryRound", all.ParseAndReplyBinary, "HandWrittenReplyBinary"),
        ];

        double[] best = new double[measured.Length];
        Array.Fill(best, double.MaxValue);
        for (int round = 0; round < Rounds; round++)
        {
            for (int index = 0; index < measured.Length; index++)
                best[index] = Math.Min(best[index], Time(measured[index].Call, options.IsQuick ? CallsQuick : Calls));
        }

        for (int index = 0; index < measured.Length; index++)
            sheet.AddAgainst(Group, measured[index].Name, best[index], "ns", measured[index].To, $"best of {Rounds}");
    }

    private static double Time(Func<int> call, int calls)
    {
        int kept = 0;
        long start = Stopwatch.GetTimestamp();
        for (int index = 0; index < calls; index++)
            kept += call();
        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls;
        GC.KeepAlive(kept);
        return nanoseconds;
    }
}
