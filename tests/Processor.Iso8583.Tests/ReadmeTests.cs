using System.Buffers;
using System.Text.RegularExpressions;

namespace Processor.Iso8583.Tests;

/// <summary>What the package's README promises: its samples stand in <see cref="ReadmeSamples"/>, compile and do what they say.</summary>
public sealed partial class ReadmeTests
{
    private static readonly byte[] Purchase = new Iso8583Message(Mti.Parse("0100"))
    {
        [3] = "000000",
        [4] = "000000001050",
        [11] = "000123",
    }.ToBytes(Golden.Ascii.Dialect);

    [Fact]
    public void Every_sample_is_compiled_word_for_word()
    {
        string compiled = Squeeze(File.ReadAllText(Path.Combine(RepositoryFolder(), "tests", "Processor.Iso8583.Tests", "ReadmeSamples.cs")));
        var samples = Sample().Matches(File.ReadAllText(Path.Combine(RepositoryFolder(), "src", "Processor.Iso8583", "README.md")));

        Assert.Equal(["Read", "Answer", "Frames", "Build"], samples.Select(sample => sample.Groups["name"].Value));
        foreach (Match sample in samples)
            Assert.Contains(Squeeze(sample.Groups["code"].Value), compiled, StringComparison.Ordinal);
    }

    [Fact]
    public void The_samples_do_what_they_say()
    {
        var layout = new MessageLayout();
        Golden.Ascii.Dialect.TryParse(Purchase, layout);
        byte[] buffer = new byte[512];
        var framing = Framing.Parse("bcd-2+tpdu");

        int length = ReadmeSamples.Answer(new MessageView(Purchase, layout), buffer, framing);
        var received = new ReadOnlySequence<byte>([.. buffer[..length], .. buffer[..length]]);

        Assert.Equal("0100 1050", ReadmeSamples.Read(Purchase));
        Assert.Contains("DE11 at byte", ReadmeSamples.Read(Purchase[..^1]), StringComparison.Ordinal);
        Assert.Equal(2, ReadmeSamples.Frames(received));
        Assert.Equal("0800", Iso8583Message.Parse(Golden.Binary.Dialect, ReadmeSamples.Build()).Mti.ToString());
    }

    private static string RepositoryFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Processor.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the checkout.");
        return folder.FullName;
    }

    private static string Squeeze(string code) => Blanks().Replace(code, " ").Trim();

    [GeneratedRegex(@"<!-- sample: (?<name>\w+) -->\s*```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
