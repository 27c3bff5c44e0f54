using System.Diagnostics;
using System.Text.Json;
using Processor.Iso8583;
using Processor.Testing;

namespace Processor.Bench;

/// <summary>
/// What a byte of a damaged message costs at the most: seeded mutants of every golden message of every dialect that ships, each read
/// until its best time is known, and the dearest of them all. Bounded work for a byte, whatever it says, keeps a sender from holding a
/// core.
/// </summary>
internal static class HostileFrames
{
    private const string Group = "Micro: Iso8583, damaged messages";
    private const int Seed = 20260101;
    private const int Mutants = 400;
    private const int Tries = 25;
    private const int Calls = 8;

    public static void Measure(FigureSheet sheet, BenchOptions options)
    {
        var folder = RepositoryRoot.Path("specs", "iso8583");
        foreach (var path in Directory.GetFiles(Path.Combine(folder, "golden"), "*.json").Order(StringComparer.Ordinal))
        {
            var dialectPath = Path.Combine(folder, Path.GetFileName(path));
            if (File.Exists(dialectPath))
                Measure(sheet, Dialect.Load(dialectPath), FramesOf(path), options.IsQuick ? 10 : Mutants);
        }
    }

    private static void Measure(FigureSheet sheet, Dialect dialect, List<byte[]> frames, int mutants)
    {
        var random = new Random(Seed);
        var layout = new MessageLayout();
        var dearest = 0.0;
        for (var index = 0; index < mutants; index++)
        {
            var frame = frames[index % frames.Count];
            var mutant = frame[..(index % 4 == 0 ? random.Next(1, frame.Length + 1) : frame.Length)];
            for (var damage = index % 5; damage > 0; damage--)
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            dearest = Math.Max(dearest, BestTime(dialect, mutant, layout) / mutant.Length);
        }

        sheet.Add(Group, dialect.Name, dearest, "ns/byte", $"dearest of {mutants} mutants");
    }

    private static double BestTime(Dialect dialect, byte[] frame, MessageLayout layout)
    {
        var best = double.MaxValue;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var call = 0; call < Calls; call++)
                dialect.TryParse(frame, layout);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Calls);
        }

        return best;
    }

    private static List<byte[]> FramesOf(string path)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. file.RootElement.GetProperty("valid").EnumerateArray().Select(one => Convert.FromHexString(one.GetProperty("hex").GetString()!))];
    }
}
