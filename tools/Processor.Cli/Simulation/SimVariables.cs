using System.Globalization;
using System.Text.RegularExpressions;
using Processor.Iso8583;

namespace Processor.Cli.Simulation;

/// <summary>The variables of a file of messages: numbers of the run, and what earlier messages and answers held.</summary>
/// <param name="trace">Numbers the messages.</param>
internal sealed partial class SimVariables(TraceNumbers trace)
{
    /// <summary>The name of the message before this one.</summary>
    public const string Last = "last";

    /// <summary>The name of the message itself, in what it expects.</summary>
    public const string Self = "sent";

    private static readonly string[] Numbers = ["stan", "rrn", "now", "time", "date"];

    private readonly Dictionary<string, Iso8583Message> sent = [];
    private readonly Dictionary<string, Iso8583Message> answers = [];
    private readonly Dictionary<string, string> current = [];

    /// <summary>Why a text cannot be filled in, whatever the answers will be; null when it can.</summary>
    /// <param name="text">The text with its variables.</param>
    /// <param name="names">Names of earlier messages that it may use.</param>
    public static string? Check(string text, IReadOnlySet<string> names)
    {
        foreach (Match match in Variable().Matches(text))
        {
            string inside = match.Groups["inside"].Value;
            if (Numbers.Contains(inside))
                continue;
            var reference = Reference().Match(inside);
            if (!reference.Success)
                return $"there is no variable ${{{inside}}}";
            if (!names.Contains(reference.Groups["name"].Value) || inside.StartsWith($"{Self}.answer.", StringComparison.Ordinal))
                return $"${{{inside}}} names no earlier message";
        }

        return text.Replace("${", "", StringComparison.Ordinal).Length + (2 * Variable().Count(text)) == text.Length
            ? null
            : "a variable that is not closed";
    }

    /// <summary>Begins a message: it gets numbers of its own.</summary>
    public void Begin() => current.Clear();

    /// <summary>Puts values in the place of variables. What an answer did not hold is empty.</summary>
    /// <param name="text">The text with its variables.</param>
    /// <param name="self">The message itself, for what it expects.</param>
    public string Fill(string text, Iso8583Message? self = null) =>
        Variable().Replace(text, match => ValueOf(match.Groups["inside"].Value, self));

    /// <summary>Remembers a message and its answer, null when there was none.</summary>
    public void Keep(SimMessage message, Iso8583Message request, Iso8583Message? answer)
    {
        Keep(Last, request, answer);
        if (message.Name is { } name)
            Keep(name, request, answer);
    }

    private void Keep(string name, Iso8583Message request, Iso8583Message? answer)
    {
        sent[name] = request;
        if (answer is null)
            answers.Remove(name);
        else
            answers[name] = answer;
    }

    private string ValueOf(string inside, Iso8583Message? self)
    {
        if (Numbers.Contains(inside))
            return Number(inside);
        var reference = Reference().Match(inside);
        string name = reference.Groups["name"].Value;
        bool isAnswer = reference.Groups["answer"].Success;
        var message = name == Self ? self : (isAnswer ? answers : sent).GetValueOrDefault(name);
        return message?[int.Parse(reference.Groups["element"].Value, CultureInfo.InvariantCulture)] ?? "";
    }

    // Within one message a number stays the same however often it is used.
    private string Number(string name)
    {
        if (current.TryGetValue(name, out string? value))
            return value;
        return current[name] = name switch
        {
            "stan" => trace.NextStan(),
            "rrn" => trace.NextReference(),
            "now" => trace.Transmission(),
            "time" => trace.LocalTime(),
            _ => trace.LocalDate(),
        };
    }

    [GeneratedRegex(@"\$\{(?<inside>[^{}$]*)\}")]
    private static partial Regex Variable();

    // name.element or name.answer.element
    [GeneratedRegex(@"^(?<name>[A-Za-z][\w-]*)(?<answer>\.answer)?\.(?<element>[1-9]\d{0,2})$")]
    private static partial Regex Reference();
}
