using System.Globalization;
using System.Text;

namespace Processor.Iso8583;

/// <summary>Lays a described message out as lines of text: key, name, format, place, value.</summary>
public static class MessagePrinter
{
    private const int NameWidth = 44;

    /// <summary>
    /// A head line with the MTI, then a line for each element and, set in, for each of its parts, then the
    /// error if there is one. Lines end in <c>\n</c>.
    /// </summary>
    public static string Print(MessageDescription description)
    {
        var text = new StringBuilder();
        string mti = description.Mti is { } type ? $"{type} {Describe(type)}" : "MTI unreadable";
        text.Append(CultureInfo.InvariantCulture, $"{mti} ({description.DialectName}, {description.FrameLength} bytes)\n");
        foreach (var element in description.Elements)
            Append(text, "  ", element);

        if (description.Error is { } error)
            text.Append(CultureInfo.InvariantCulture, $"  rejected: {error}\n");
        return text.ToString();
    }

    /// <summary>Describes and lays out a parsed frame.</summary>
    public static string Print(in MessageView view) => Print(MessageDescription.Of(in view));

    /// <summary>What a message type means, such as <c>authorization request, repeat</c>.</summary>
    public static string Describe(Mti mti)
    {
        string subject = mti.Class switch
        {
            MtiClass.Authorization => "authorization",
            MtiClass.Financial => "financial",
            MtiClass.FileAction => "file action",
            MtiClass.Reversal => "reversal",
            MtiClass.Reconciliation => "reconciliation",
            MtiClass.Administrative => "administrative",
            MtiClass.FeeCollection => "fee collection",
            MtiClass.NetworkManagement => "network management",
            _ => "reserved",
        };
        string kind = mti.Function switch
        {
            MtiFunction.Request => "request",
            MtiFunction.RequestResponse => "response",
            MtiFunction.Advice => "advice",
            MtiFunction.AdviceResponse => "advice response",
            MtiFunction.Notification => "notification",
            MtiFunction.NotificationAcknowledgement => "notification acknowledgement",
            MtiFunction.Instruction => "instruction",
            MtiFunction.InstructionAcknowledgement => "instruction acknowledgement",
            _ => "reserved",
        };
        return mti.IsRepeat ? $"{subject} {kind}, repeat" : $"{subject} {kind}";
    }

    private static void Append(StringBuilder text, string indent, ElementDescription element)
    {
        string key = (indent + element.Key).PadRight(9);
        string name = element.Name.Length > NameWidth ? element.Name[..(NameWidth - 1)] + "…" : element.Name;
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{key} {name.PadRight(NameWidth)} {element.Format,-10} @{element.Offset,-4} {element.Length,3}  {element.Value}");
        text.Append(line.TrimEnd()).Append('\n');
        foreach (var part in element.Parts)
            Append(text, indent + "  ", part);
    }
}
