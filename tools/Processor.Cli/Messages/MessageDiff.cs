using System.Globalization;
using Processor.Cli.Commands;
using Processor.Iso8583;

namespace Processor.Cli.Messages;

/// <summary>The elements in which two messages differ.</summary>
internal static class MessageDiff
{
    /// <summary>Prints them, masked; also of messages that can be read in part only.</summary>
    /// <returns>One of <see cref="ExitCode"/>: failed when they differ or cannot be read.</returns>
    public static int Print(Dialect dialect, byte[] source, byte[] target, TextWriter output)
    {
        var one = MessageDescription.Of(dialect, source);
        var two = MessageDescription.Of(dialect, target);
        int count = 0;
        if (one.Mti != two.Mti)
        {
            output.WriteLine($"MTI    - {one.Mti}\n       + {two.Mti}");
            count++;
        }

        var others = two.Elements.ToDictionary(element => element.Key);
        foreach (string key in one.Elements.Concat(two.Elements).Select(element => element.Key).Distinct().OrderBy(NumberOf))
        {
            var was = one.Elements.FirstOrDefault(element => element.Key == key);
            var becomes = others.GetValueOrDefault(key);
            if (was is not null && becomes is not null && Raw(source, was).SequenceEqual(Raw(target, becomes)))
                continue;
            count++;
            output.WriteLine($"{key,-6} {(was ?? becomes)!.Name}");
            Print(output, '-', was);
            Print(output, '+', becomes);
            if (was is not null && becomes is not null && Shown(was) == Shown(becomes))
                output.WriteLine("       they differ in what is masked");
        }

        bool isReadable = one.Error is null && two.Error is null;
        if (one.Error is { } first)
            output.WriteLine($"first rejected: {first}");
        if (two.Error is { } second)
            output.WriteLine($"second rejected: {second}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} differences"));
        return count == 0 && isReadable ? ExitCode.Done : ExitCode.Failed;
    }

    private static ReadOnlySpan<byte> Raw(byte[] frame, ElementDescription element) => frame.AsSpan(element.Offset, element.Length);

    private static int NumberOf(string key) => int.Parse(key.AsSpan(2), CultureInfo.InvariantCulture);

    private static void Print(TextWriter output, char sign, ElementDescription? element)
    {
        if (element is not null)
            output.WriteLine($"       {sign} {Shown(element)}");
    }

    private static string Shown(ElementDescription element) => element.Parts.Count == 0
        ? element.Value
        : string.Join(" ", element.Parts.Select(part => $"{part.Key}={(part.Parts.Count == 0 ? part.Value : $"[{Shown(part)}]")}"));
}
