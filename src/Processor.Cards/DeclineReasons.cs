using System.Text;

namespace Processor.Cards;

/// <summary>The words that the JSON façade uses for decline reasons.</summary>
public static class DeclineReasons
{
    private static readonly Dictionary<DeclineReason, string> Codes =
        Enum.GetValues<DeclineReason>().ToDictionary(reason => reason, Snake);

    /// <summary>The reason in snake case, as <c>insufficient_funds</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member.</exception>
    public static string CodeOf(DeclineReason reason) =>
        Codes.TryGetValue(reason, out var code) ? code : throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a decline reason.");

    /// <summary>True for a reason that networks tell as 65, 70 or 1A: the sender may ask once more with the same cryptogram, and more beside it.</summary>
    public static bool AsksForMore(DeclineReason reason) =>
        reason is DeclineReason.PinRequired or DeclineReason.StrongAuthenticationRequired or DeclineReason.CountLimit or DeclineReason.TooManyHolds;

    private static string Snake(DeclineReason reason)
    {
        var text = new StringBuilder();
        foreach (var letter in reason.ToString())
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
