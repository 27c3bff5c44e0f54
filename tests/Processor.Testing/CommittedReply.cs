using System.Text;
using System.Text.RegularExpressions;

namespace Processor.Testing;

/// <summary>The commit script's answer that all was written, in a piece of what Redis says.</summary>
internal static partial class CommittedReply
{
    /// <summary>Finds the first that is whole.</summary>
    /// <returns>Where it begins and how long it is; a length of 0 for none.</returns>
    internal static (int Start, int Length) Find(ReadOnlySpan<byte> piece)
    {
        // One character for each byte.
        var match = Shape().Match(Encoding.Latin1.GetString(piece));
        return match.Success ? (match.Index, match.Length) : (0, 0);
    }

    // $length CR LF epoch-sequence w writer number CR LF
    [GeneratedRegex(@"\$[0-9]+\r\n[0-9]+-[0-9]+ w[0-9]+ [0-9]+\r\n")]
    private static partial Regex Shape();
}
