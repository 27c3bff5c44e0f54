using System.Collections.Immutable;

namespace Processor.Iso8583;

/// <summary>The words that configuration and tools use for framings.</summary>
public static class FramingNames
{
    private static readonly (string Word, FrameHeader Header)[] Headers =
    [
        ("binary-2", FrameHeader.Binary2),
        ("ascii-4", FrameHeader.Ascii4),
        ("ascii-5", FrameHeader.Ascii5),
        ("ascii-6", FrameHeader.Ascii6),
        ("ebcdic-4", FrameHeader.Ebcdic4),
        ("ebcdic-5", FrameHeader.Ebcdic5),
        ("ebcdic-6", FrameHeader.Ebcdic6),
        ("hex-4", FrameHeader.Hex4),
        ("bcd-2", FrameHeader.Bcd2),
        ("binary-3", FrameHeader.Binary3),
        ("binary-4", FrameHeader.Binary4),
        ("binary-2-little", FrameHeader.Binary2Little),
        ("binary-4-little", FrameHeader.Binary4Little),
        ("vap", FrameHeader.Vap),
        ("zero-2-binary-2", FrameHeader.Zero2Binary2),
        ("rbp", FrameHeader.Rbp),
        ("none", FrameHeader.None),
    ];

    /// <summary>The words for the length. <c>none</c> goes with a mark only.</summary>
    public static ImmutableArray<string> Lengths { get; } = [.. Headers.Select(one => one.Word)];

    /// <summary>The words that may follow a <c>+</c>.</summary>
    public static ImmutableArray<string> Options { get; } = ["inclusive", "tpdu", "etx", "stx-etx-lrc", "keep-alive"];

    /// <summary>The framings that networks are known to use: each length alone and counting itself, with a TPDU, and with marks.</summary>
    public static ImmutableArray<string> Usual { get; } =
    [
        .. Lengths.Where(word => word != "none"),
        .. Lengths.Where(word => word is not ("none" or "rbp")).Select(word => $"{word}+inclusive"),
        "binary-2+tpdu", "bcd-2+tpdu", "ascii-4+tpdu", "hex-4+tpdu",
        "binary-2+etx", "ascii-4+etx", "binary-2+stx-etx-lrc", "none+etx", "none+stx-etx-lrc",
    ];

    internal static Framing Parse(string name, int frameLengthMax)
    {
        string[] words = name.Split('+');
        int index = Array.FindIndex(Headers, one => one.Word == words[0]);
        if (index < 0)
            throw new FormatException($"Framing {name} begins with none of {string.Join(", ", Lengths)}.");
        var framing = new Framing(Headers[index].Header, frameLengthMax);
        foreach (string word in words.AsSpan(1))
            framing = With(framing, word, name);
        if (framing.Header == FrameHeader.None && (framing.Mark == FrameMark.None || framing.CountsItself || framing.KeepsAlive))
            throw new FormatException($"Framing {name} has no length, so it needs etx or stx-etx-lrc, and goes with tpdu only.");
        return framing;
    }

    private static Framing With(Framing framing, string word, string name) => word switch
    {
        "inclusive" => framing with { CountsItself = true },
        "tpdu" => framing with { HasTpdu = true },
        "etx" when framing.Mark == FrameMark.None => framing with { Mark = FrameMark.Etx },
        "stx-etx-lrc" when framing.Mark == FrameMark.None => framing with { Mark = FrameMark.StxEtxLrc },
        "keep-alive" => framing with { KeepsAlive = true },
        _ => throw new FormatException($"Framing {name}: {word} is not one of {string.Join(", ", Options)}, or stands twice."),
    };
}
