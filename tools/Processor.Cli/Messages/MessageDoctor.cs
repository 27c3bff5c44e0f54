using System.Buffers;
using Processor.Iso8583;

namespace Processor.Cli.Messages;

/// <summary>Tries framings and dialects on bytes of unknown make.</summary>
/// <param name="dialects">Those to try.</param>
/// <param name="output">Takes the findings: places and reasons, never content.</param>
internal sealed class MessageDoctor(IReadOnlyList<Dialect> dialects, TextWriter output)
{
    private sealed record Finding(string Framing, string Dialect, int Reached, string Text, bool IsFit);

    /// <summary>Prints what fits, then where each other dialect stops, those that come farthest first.</summary>
    /// <param name="bytes">A message, or a stream that begins with a frame.</param>
    /// <param name="isComplete">True to print also the framings that do not fit.</param>
    /// <returns>True when something fits.</returns>
    public bool Examine(byte[] bytes, bool isComplete)
    {
        var findings = new List<Finding>();
        var misfits = new List<(string Framing, string Reason)>();
        findings.AddRange(dialects.Select(dialect => Try(dialect, "no framing", bytes, "")));
        foreach (string name in FramingNames.Usual)
        {
            var rest = new ReadOnlySequence<byte>(bytes);
            switch (FrameReader.TryRead(ref rest, Framing.Parse(name), out var frame))
            {
                case FrameStatus.Frame:
                    string behind = rest.IsEmpty ? "" : $", and {rest.Length} bytes follow the frame";
                    byte[] message = frame.ToArray();
                    findings.AddRange(dialects.Select(dialect => Try(dialect, name, message, behind)));
                    break;
                case FrameStatus.NeedMoreData:
                    misfits.Add((name, $"the frame would be longer than these {bytes.Length} bytes"));
                    break;
                default:
                    misfits.Add((name, "a length or a mark that cannot be"));
                    break;
            }
        }

        foreach (var one in findings.Where(finding => finding.IsFit))
            output.WriteLine($"fits   {one.Framing,-24} {one.Dialect,-16} {one.Text}");
        foreach (var one in findings.Where(finding => !finding.IsFit).OrderByDescending(finding => finding.Reached))
            output.WriteLine($"stops  {one.Framing,-24} {one.Dialect,-16} {one.Text}");
        foreach (var (framing, reason) in isComplete ? misfits : [])
            output.WriteLine($"no     {framing,-24} {reason}");
        bool isFound = findings.Any(finding => finding.IsFit);
        if (!isFound)
            output.WriteLine("Nothing fits.");
        return isFound;
    }

    private static Finding Try(Dialect dialect, string framing, byte[] message, string behind)
    {
        var layout = new MessageLayout();
        return dialect.TryParse(message, layout) == ParseStatus.Parsed
            ? new(framing, dialect.Name, message.Length, $"{(layout.HasMti ? $"MTI {layout.Mti}, " : "")}{layout.Count} elements{behind}", IsFit: true)
            : new(framing, dialect.Name, layout.Error.Offset, $"{layout.Error}{behind}", IsFit: false);
    }
}
